import { expect, inject, test } from 'vitest'
import { type Engine, prove } from './prove.ts'

/** A test for each seed, so that each may be had again by itself: `npm run prove -- --histories 250 --seed 3`. */
export function proofs(engine: Engine, { seeds, histories }: { seeds: number[]; histories: number }) {
  test.each(seeds)(`${histories} random histories of seed %i come to what the model says after every step`, async seed => {
    const postgresUrl = engine === 'postgres' ? inject('postgresUrl') : undefined
    const { failure, steps } = await prove(engine, { histories, seed, postgresUrl })
    expect(failure).toBe(null)
    // Steps that find nothing to do would prove nothing.
    expect(steps).toBeGreaterThan(histories * 8)
  })
}
