import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayOf, monthAfter, monthBefore, monthOf } from '../../server/rules/period.ts'

// Every zone that is known here, over twenty years: months follow each other without a gap and without meeting, whatever
// the clocks of a place do. Apia left out a day in 2011, Lord Howe moves by half an hour, some places move at midnight.
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const [FIRST, LAST] = ['2008-01', '2027-12']
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', 'Pacific/Apia', 'Australia/Lord_Howe'])]

const months: string[] = []
for (let month = FIRST; month <= LAST; month = monthAfter(month)) months.push(month)

/** The first minute in which it is that month or a later one. No zone is further than a day from UTC. */
function beginsAt(month: string, zone: string, guess = 0) {
  const midnight = Date.parse(`${month}-01T00:00:00Z`)
  const isOver = (at: number) => monthOf(new Date(at), zone) >= month
  // Mostly the same as the month before, or an hour beside it.
  for (const minutes of [guess, guess - 60, guess + 60]) {
    const at = midnight + minutes * MINUTE
    if (isOver(at) && !isOver(at - MINUTE)) return at
  }
  let [before, from] = [midnight - DAY, midnight + DAY]
  while (from - before > MINUTE) {
    const middle = before + Math.floor((from - before) / 2 / MINUTE) * MINUTE
    if (isOver(middle)) from = middle
    else before = middle
  }
  return from
}

/** The wall clock somewhere, by another way than the rule's. */
function wallClock(at: number, zone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at)
  const [, day, month, year, time] = /(\d+)\/(\d+)\/(\d+), ([\d:]+)/.exec(parts) ?? []
  return `${year}-${month}-${day} ${time}`
}

describe('Months tile time', () => {
  test('in some four hundred zones over twenty years', () => {
    expect(zones.length).toBeGreaterThan(400)
    const wrong: string[] = []
    for (const zone of zones) {
      let before = Number.NEGATIVE_INFINITY
      let guess = 0
      for (const month of months) {
        const at = beginsAt(month, zone, guess)
        guess = (at - Date.parse(`${month}-01T00:00:00Z`)) / MINUTE
        // One and the other side, to the millisecond, and a while around it: no clock that is put back brings a month back.
        const around = [-149, -61, -31, 0, 30, 60, 149].map(minutes => monthOf(new Date(at + minutes * MINUTE), zone))
        const [last, own] = [monthBefore(month), month]
        const expected = [last, last, last, own, own, own, own]
        const length = (at - before) / DAY
        if (around.join() !== expected.join() || monthOf(new Date(at - 1), zone) !== last || length < 27.9)
          wrong.push(`${zone} ${month}`)
        before = at
      }
    }
    // There the clocks were put back at one minute past midnight, and for an hour it was October once more.
    expect(wrong.sort()).toEqual(['America/Goose_Bay 2009-11', 'America/St_Johns 2009-11'])
  })

  test.each([
    ['Pacific/Apia', '2011-12', '2011-12-01 00:00:00', '2011-12-31 23:59:59'],
    ['Australia/Lord_Howe', '2026-04', '2026-04-01 00:00:00', '2026-04-30 23:59:59'],
    ['Europe/Madrid', '2026-03', '2026-03-01 00:00:00', '2026-03-31 23:59:59'],
    ['America/Los_Angeles', '2026-11', '2026-11-01 00:00:00', '2026-11-30 23:59:59'],
    ['Pacific/Kiritimati', '2026-01', '2026-01-01 00:00:00', '2026-01-31 23:59:59'],
    ['Asia/Kathmandu', '2026-02', '2026-02-01 00:00:00', '2026-02-28 23:59:59'],
  ])('from midnight to midnight on the wall: %s in %s', (zone, month, first, last) => {
    expect(wallClock(beginsAt(month, zone), zone)).toBe(first)
    expect(wallClock(beginsAt(monthAfter(month), zone) - 1_000, zone)).toBe(last)
  })

  test('and each moment is in the month that its own day is in', () => {
    const moments = fc.integer({ min: Date.parse('2008-01-01'), max: Date.parse('2027-12-30') })
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), (at, zone) => {
        const month = monthOf(new Date(at), zone)
        expect(dayOf(new Date(at), zone).startsWith(`${month}-`)).toBe(true)
        expect(wallClock(at, zone).startsWith(`${month}-`)).toBe(true)
        expect(at).toBeGreaterThanOrEqual(beginsAt(month, zone))
        expect(at).toBeLessThan(beginsAt(monthAfter(month), zone))
      }),
      { numRuns: 200 },
    )
  })

  test('with one month after the other, over the years', () => {
    expect(months).toHaveLength(240)
    fc.assert(
      fc.property(fc.constantFrom(...months), month => {
        expect(monthBefore(monthAfter(month))).toBe(month)
        expect(monthAfter(month) > month).toBe(true)
      }),
    )
  })
})
