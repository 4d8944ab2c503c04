import { describe, expect, test } from 'vitest'
import { HEIGHT, nearest, plot, pointsOf, roundUp, WIDTH } from '../../widget/models/plot.ts'

const days = (clicks: number[], conversions: number[] = []) =>
  clicks.map((count, index) => ({
    date: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    clicks: count,
    signups: 1,
    conversions: conversions[index] ?? 0,
    earned: 2,
  }))
const drawn = (clicks: number[], conversions?: number[]) => plot(pointsOf(days(clicks, conversions)))

describe('The chart', () => {
  test('lays its points from edge to edge, on a scale that divides well', () => {
    expect(drawn([0, 17, 34])).toMatchObject({
      scale: 40,
      line: `M0 ${HEIGHT}L${WIDTH / 2} 57.5L${WIDTH} 15`,
      area: `M0 ${HEIGHT}L${WIDTH / 2} 57.5L${WIDTH} 15V${HEIGHT}H0Z`,
      isEmpty: false,
    })
  })

  test('draws sales in its lower part, and none where there were none', () => {
    expect(drawn([9, 9, 9], [2, 0, 1])?.bars).toBe(`M0 ${HEIGHT}v-40M${WIDTH} ${HEIGHT}v-20`)
  })

  test('of one day has its point in the middle; of none there is no chart', () => {
    expect(drawn([4])?.line).toBe(`M${WIDTH / 2} 0`)
    expect(drawn([])).toBeUndefined()
  })

  test('without anything lies on the ground', () => {
    const empty = days([0, 0]).map(day => ({ ...day, signups: 0, earned: 0 }))
    expect(plot(pointsOf(empty))).toMatchObject({ line: `M0 ${HEIGHT}L${WIDTH} ${HEIGHT}`, bars: '', isEmpty: true })
  })

  test('of a year is drawn in weeks that leave nothing out', () => {
    const year = days(Array(365).fill(3))
    const weeks = pointsOf(year)
    expect(weeks).toHaveLength(52)
    expect(weeks.reduce((sum, week) => sum + week.clicks, 0)).toBe(365 * 3)
    expect(weeks[0]).toMatchObject({ from: '2026-01-01', to: '2026-01-08', clicks: 24, earned: 16 })
    expect(weeks.at(-1)).toMatchObject({ from: '2026-12-25', to: '2026-12-31', clicks: 21 })
    expect(pointsOf(days(Array(90).fill(1)))).toHaveLength(90)
  })
})

test.each([
  [0, 4],
  [4, 4],
  [7, 8],
  [34, 40],
  [101, 200],
  [950, 1000],
  [1_000_000, 1_000_000],
])('A scale for at most %d clicks ends at %d', (most, scale) => {
  expect(roundUp(most)).toBe(scale)
})

test.each([
  [30, 0, 0],
  [30, 1, 29],
  [30, 0.5, 15],
  [30, -1, 0],
  [30, 2, 29],
  [1, 0.7, 0],
])('Of %d points, the one at %d of the way is number %d', (points, place, index) => {
  expect(nearest(points, place)).toBe(index)
})
