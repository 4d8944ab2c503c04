import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { dropDatabase, freshDatabase } from '../support/postgres.ts'
import { fuzzBoth } from './fuzz.ts'

// Ten seeds, so that each round can be had again by itself: `npm run fuzz -- --requests 1000 --seed 3`.
const REQUESTS = 1_000

/** A test for each seed, from the file that is one half of the machine's work. */
export function fuzzTests(seeds: number[]) {
  test.each(
    seeds,
  )('1,000 random requests of seed %i, to each of two servers, have answers as documented, the same on both databases, and no 5xx', async seed => {
    const folder = mkdtempSync(join(tmpdir(), 'mislata-fuzz-'))
    const postgres = await freshDatabase(inject('postgresUrl'))
    try {
      const databases = [
        { name: 'SQLite', url: `sqlite:${join(folder, 'fuzz.db')}` },
        { name: 'PostgreSQL', url: postgres },
      ]
      const { findings, statuses } = await fuzzBoth(databases, { requests: REQUESTS, seed })
      expect(findings).toEqual([])
      // Requests that are all refused at the door would prove nothing.
      expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(REQUESTS / 5)
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await dropDatabase(postgres)
    }
  })
}
