import { describe, expect, test } from 'vitest'
import { isDead, nextAttempt } from '../../server/rules/retry.ts'

const startedAt = new Date('2026-03-10T12:00:00Z')
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const later = (ms: number) => new Date(startedAt.getTime() + ms)
const next = (more: Partial<Parameters<typeof nextAttempt>[0]> = {}) =>
  nextAttempt({ tries: 1, startedAt, now: startedAt, slowRetries: true, chance: 0, ...more })

/** The waits between attempts that all fail at once. */
function waits(more: { slowRetries?: boolean; chance?: number } = {}) {
  const found: number[] = []
  for (let now = startedAt, tries = 1; ; tries++) {
    const at = next({ tries, now, ...more })
    if (!at) return found
    found.push(at.getTime() - now.getTime())
    now = at
  }
}

describe('A delivery that fails is tried again', () => {
  test('after 1 s, 10 s and 60 s, and no more where slow retries are off', () => {
    expect(waits({ slowRetries: false })).toEqual([second, 10 * second, minute])
  })

  test('and then for 72 hours', () => {
    const all = waits()
    expect(all.slice(0, 8)).toEqual([second, 10 * second, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour])
    expect(all.slice(8, -1)).toEqual([12 * hour, 12 * hour, 12 * hour, 12 * hour])
    expect(all.reduce((sum, each) => sum + each, 0)).toBe(72 * hour)
  })

  test('never sooner by chance, and later by a tenth at most', () => {
    const exact = waits()
    for (const chance of [0.01, 0.5, 0.999999]) {
      waits({ chance })
        .slice(0, 8)
        .forEach((wait, at) => {
          expect(wait).toBeGreaterThanOrEqual(exact[at] as number)
          expect(wait).toBeLessThanOrEqual((exact[at] as number) * 1.1)
        })
      expect(waits({ chance }).reduce((sum, each) => sum + each, 0)).toBe(72 * hour)
    }
  })

  test.each([
    ['a longer wait that is asked for is kept', { retryAfter: 30 }, 30 * second],
    ['a shorter one changes nothing', { tries: 3, retryAfter: 30 }, minute],
    ['one of a year is an hour', { retryAfter: 31_536_000 }, hour],
    ['none is none', { retryAfter: 0 }, second],
  ])('%s', (_, more, wait) => {
    expect(next(more)).toEqual(later(wait))
  })

  test('at 72 hours for the last time, however late it is asked', () => {
    expect(next({ tries: 12, now: later(71 * hour) })).toEqual(later(72 * hour))
    expect(next({ tries: 12, now: later(72 * hour) })).toBeNull()
    expect(next({ tries: 5, now: later(200 * hour) })).toBeNull()
  })
})

test('An endpoint is dead after five days of failures, and not a moment before', () => {
  expect(isDead(startedAt, later(120 * hour - 1))).toBe(false)
  expect(isDead(startedAt, later(120 * hour))).toBe(true)
})
