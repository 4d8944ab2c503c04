/**
 * Lets so many through in one turn of the event loop, and the others in the turns that follow, in the order in which they
 * came. Between the turns whatever else has arrived is read and answered. Undefined where there is nothing to wait for.
 */
export function turns(most: number): () => Promise<void> | undefined {
  let passed = 0
  let isPlanned = false
  let waiting: (() => void)[] = []

  function plan() {
    if (!isPlanned) setImmediate(next)
    isPlanned = true
  }

  function next() {
    isPlanned = false
    const now = waiting.slice(0, most)
    waiting = waiting.slice(most)
    passed = now.length
    for (const go of now) go()
    if (passed) plan()
  }

  return () => {
    plan()
    if (passed < most) {
      passed++
      return undefined
    }
    return new Promise(resolve => waiting.push(resolve))
  }
}
