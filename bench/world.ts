import { dayOf } from '../server/rules/period.ts'

// Where the clicks of a filled database come from: the same every time.

export const DAYS = 365
const DAY_MS = 86_400_000
const QUARTER_MS = 900_000
const SLOTS = 2 ** 16
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Chance that is the same in each run: a number from 0 up to 1. */
export function chance(seed = 1) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An id like the server's own: it sorts by its time, and no two are alike. */
export function idAt(prefix: string, ms: number, n: number) {
  return `${prefix}_${base58(ms, 8)}${base58(n, 14)}`
}

/**
 * Who is clicked how often: a few partners bring much and most bring little, as 1 / (rank + 10). Answers the rank for a
 * number from 0 up to 1.
 */
export function ranks(partners: number) {
  const weights = Array.from({ length: partners }, (_, rank) => 1 / (rank + 10))
  const all = weights.reduce((sum, each) => sum + each, 0)
  const slots = new Uint16Array(SLOTS)
  let [from, sum] = [0, 0]
  for (const [rank, weight] of weights.entries()) {
    sum += weight
    const to = Math.round((sum / all) * SLOTS)
    slots.fill(rank, from, to)
    from = to
  }
  return (chance: number) => slots[Math.floor(chance * SLOTS)] as number
}

/** The last year until `now`, by days of the program: the number of the day in it, and its name. */
export function year(now: number, timeZone: string) {
  const from = now - DAYS * DAY_MS
  const names: string[] = []
  const numbers = new Map<string, number>()
  let known = { quarter: -1, number: 0 }
  return {
    from,
    names,
    /** The moment of the click with this number, of so many. */
    moment: (n: number, of: number) => from + Math.floor(((now - from) * n) / of),
    /** To be asked in the order of time. */
    dayAt(ms: number) {
      const quarter = Math.floor(ms / QUARTER_MS)
      if (known.quarter === quarter) return known.number
      const name = dayOf(new Date(ms), timeZone)
      const number = numbers.get(name) ?? names.push(name) - 1
      numbers.set(name, number)
      known = { quarter, number }
      return number
    },
  }
}

function base58(value: number, length: number) {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 58)) text = alphabet[rest % 58] + text
  return text
}
