import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { availableAt, isPending } from '../../server/rules/holding.ts'
import { dayOf, daysUntil, monthOf } from '../../server/rules/period.ts'

describe('A moment falls on the calendar day of its zone', () => {
  test.each([
    ['UTC', '2026-03-10T23:59:59.999Z', '2026-03-10'],
    ['UTC', '2026-03-11T00:00:00Z', '2026-03-11'],
    ['America/Los_Angeles', '2026-03-08T07:59:59Z', '2026-03-07'],
    ['America/Los_Angeles', '2026-03-08T08:00:00Z', '2026-03-08'],
    // That day has 23 hours, so that the next one begins at 07:00.
    ['America/Los_Angeles', '2026-03-09T06:59:59Z', '2026-03-08'],
    ['America/Los_Angeles', '2026-03-09T07:00:00Z', '2026-03-09'],
    // And this one 25.
    ['Europe/Madrid', '2026-10-24T22:00:00Z', '2026-10-25'],
    ['Europe/Madrid', '2026-10-25T22:59:59Z', '2026-10-25'],
    ['Europe/Madrid', '2026-10-25T23:00:00Z', '2026-10-26'],
    ['Pacific/Apia', '2026-03-10T10:59:59Z', '2026-03-10'],
    ['Pacific/Apia', '2026-03-10T11:00:00Z', '2026-03-11'],
    // Apia went over the date line and never had 30 December 2011.
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    // Lord Howe moves its clocks by half an hour: 11:00 ahead in summer, 10:30 in winter.
    ['Australia/Lord_Howe', '2026-04-04T12:59:59Z', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-04-05T13:29:59Z', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-04-05T13:30:00Z', '2026-04-06'],
    ['Asia/Kathmandu', '2026-03-10T18:15:00Z', '2026-03-11'],
  ])('%s: %s is %s', (zone, instant, day) => {
    expect(dayOf(new Date(instant), zone)).toBe(day)
  })

  test.each([
    ['UTC', '2026-01-31T23:59:59Z', '2026-01'],
    ['Pacific/Apia', '2026-01-31T11:00:00Z', '2026-02'],
    ['America/Los_Angeles', '2026-01-01T07:59:59Z', '2025-12'],
  ])('%s: %s belongs to %s', (zone, instant, month) => {
    expect(monthOf(new Date(instant), zone)).toBe(month)
  })
})

describe('The days until a day', () => {
  test('end with it, oldest first', () => {
    expect(daysUntil('2026-03-01', 3)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(daysUntil('2028-03-01', 2)).toEqual(['2028-02-29', '2028-03-01'])
    expect(daysUntil('2026-01-01', 1)).toEqual(['2026-01-01'])
  })

  test('are consecutive and all different, over every clock change', () => {
    const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 366 }), (date, count) => {
        const last = date.toISOString().slice(0, 10)
        const days = daysUntil(last, count)
        expect([days.length, new Set(days).size, days.at(-1)]).toEqual([count, count, last])
        expect(days).toEqual([...days].sort())
        expect(Date.parse(last) - Date.parse(days[0] ?? '')).toBe((count - 1) * 86_400_000)
      }),
    )
  })
})

describe('A commission is held', () => {
  test.each([
    ['2026-03-10T12:00:00.000Z', 30, '2026-04-09T12:00:00.000Z'],
    ['2026-03-10T12:00:00.000Z', 0, '2026-03-10T12:00:00.000Z'],
    ['2028-02-28T00:00:00.000Z', 2, '2028-03-01T00:00:00.000Z'],
    ['2026-01-01T23:59:59.999Z', 365, '2027-01-01T23:59:59.999Z'],
  ])('a payment of %s for %i days: until %s', (occurredAt, days, until) => {
    expect(availableAt(occurredAt, days)).toBe(until)
  })

  test('to the millisecond', () => {
    const until = '2026-04-09T12:00:00.000Z'
    expect(isPending(until, '2026-04-09T11:59:59.999Z')).toBe(true)
    expect(isPending(until, '2026-04-09T12:00:00.000Z')).toBe(false)
  })
})
