import fc from 'fast-check'
import { type History, history, type Step } from './history.ts'
import { expectSame, type Life, live } from './live.ts'
import { type Engine, places } from './place.ts'

export type { Engine }

export type Proof = { histories: number; steps: number; seconds: number; failure: string | null }

/**
 * Lives so many random histories on a server and holds it against the model after every step. A failure says what was
 * wrong, the shortest list of steps that leads there, and the command by which to have it again.
 */
export async function prove(
  engine: Engine,
  {
    histories,
    seed,
    path,
    postgresUrl,
  }: { histories: number; seed: number; path?: string | undefined; postgresUrl?: string | undefined },
): Promise<Proof> {
  const all = await places(engine, postgresUrl)
  const began = performance.now()
  let [steps, lived] = [0, 0]
  async function once(one: History) {
    const first = await live(await all.next(), one)
    steps += first.life.told.length
    lived++
    if (one.shuffle === null) return
    // The same facts in another order, and some of them twice, come to the same.
    const other = await live(await all.next(), { ...one, steps: reordered(one) })
    steps += other.life.told.length
    expectSame('what the same facts come to in another order', other.outcome, first.outcome)
  }
  try {
    const runs = path === undefined ? { numRuns: histories } : { numRuns: 1, path }
    const outcome = await fc.check(fc.asyncProperty(history, once), { seed, ...runs })
    const [found] = outcome.counterexample ?? []
    const seconds = (performance.now() - began) / 1000
    if (!found) return { histories: lived, steps, seconds, failure: null }
    const shortest = await shortened(found, once)
    const message = (await faultOf(shortest, once)) ?? String(outcome.errorInstance)
    // The first part of the path is the history as it was found; it is shortened once more.
    const again = `npm run prove -- --engine ${engine} --seed ${outcome.seed} --path ${outcome.counterexamplePath?.split(':')[0]}`
    return {
      histories: lived,
      steps,
      seconds,
      failure: [message, '', ...(await wordsOf(all, shortest)), '', `Again: ${again}`].join('\n'),
    }
  } finally {
    await all.close()
  }
}

type Once = (one: History) => Promise<void>

async function faultOf(one: History, once: Once) {
  try {
    await once(one)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Without the steps that it fails without. The library takes them away in runs of a kind, and not from between. */
async function shortened(one: History, once: Once) {
  let shortest = one
  for (let i = one.steps.length - 1; i >= 0; i--) {
    const without = { ...shortest, steps: shortest.steps.filter((_, at) => at !== i) }
    if (await faultOf(without, once)) shortest = without
  }
  if (shortest.shuffle !== null && (await faultOf({ ...shortest, shuffle: null }, once))) return { ...shortest, shuffle: null }
  return shortest
}

/** What a history is made of, as far as it was lived. */
async function wordsOf(all: Awaited<ReturnType<typeof places>>, one: History) {
  const words: string[] = [JSON.stringify(one.settings)]
  const tell = (life: Life | undefined) => words.push(...(life?.told ?? []).map((each, i) => `${i + 1}. ${each}`))
  for (const steps of one.shuffle === null ? [one.steps] : [one.steps, reordered(one)]) {
    words.push(steps === one.steps ? 'Steps:' : 'In another order:')
    let life: Life | undefined
    await live(await all.next(), { ...one, steps }, begun => {
      life = begun
    }).catch(error => words.push(`(${(error as Error).message})`))
    tell(life)
  }
  return words
}

/** The facts between one act and the next in another order, and one in three told once more. */
export function reordered({ steps, shuffle }: History): Step[] {
  const random = numbers(shuffle ?? 0)
  const result: Step[] = []
  let facts: Step[] = []
  const flush = () => {
    const told = [...facts, ...facts.filter(() => random() < 1 / 3)]
    result.push(
      ...told
        .map(step => ({ step, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ step }) => step),
    )
    facts = []
  }
  for (const step of steps) {
    if (FACTS.includes(step.do)) facts.push(step)
    else {
      flush()
      // Which one was told last is another now.
      if (step.do !== 'again') result.push(step)
    }
  }
  flush()
  return result
}

const FACTS: Step['do'][] = ['sale', 'refund', 'total', 'failure', 'dispute', 'link']

// mulberry32, so that the order follows from the number.
function numbers(seed: number) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
