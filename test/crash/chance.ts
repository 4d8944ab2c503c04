/** Chance that can be had again: the same seeds give the same numbers in the same order. */
export function chance(...seeds: number[]) {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491)
  // Mulberry32: one multiplication chain over a counter, which is plenty for choosing what to do next.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    /** True this often. */
    is: (share: number) => next() < share,
    /** A whole number from the first to the last, both included. */
    from: (first: number, last: number) => first + below(last - first + 1),
    one: <T>(all: readonly T[]): T => all[below(all.length)] as T,
    /** One of them, as often as its weight says. */
    weighted<T>(all: readonly (readonly [number, T])[]): T {
      let at = next() * all.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, one] of all) {
        at -= weight
        if (at < 0) return one
      }
      return (all.at(-1) as readonly [number, T])[1]
    },
  }
}

export type Chance = ReturnType<typeof chance>
