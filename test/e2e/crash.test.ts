import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { builtServer } from '../crash/installation.ts'
import { run } from '../crash/run.ts'
import { freshDatabase, type Postgres, start } from '../support/postgres.ts'

// Twenty cycles, always the same; `npm run crash -- --cycles 300` goes on with others.
// Some ten seconds each, and much more on a machine that has other things to do.
vi.setConfig({ testTimeout: 600_000 })

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mislata-crash-'))
let main: string
let cluster: Postgres
beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/build.ts', '--if-stale'], { cwd: root })
  main = builtServer(folder)
  cluster = await start({ durable: true })
})
afterAll(async () => {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  { name: 'a server on SQLite', engine: 'sqlite', servers: 1, seed: 1, cycles: 7 },
  { name: 'a server on PostgreSQL', engine: 'postgres', servers: 1, seed: 2, cycles: 7 },
  { name: 'one of two servers on one PostgreSQL', engine: 'postgres', servers: 2, seed: 3, cycles: 6 },
] as const)('$name is killed $cycles times under load, and everything is there once', async wanted => {
  const { engine, ...rest } = wanted
  const database = engine === 'sqlite' ? `sqlite:${join(folder, 'crash.db')}` : await freshDatabase(cluster.url)
  const { findings, cycles, facts } = await run({ ...rest, main, database, folder })
  expect(findings, `npm run crash -- --engine ${rest.servers === 2 ? 'two' : engine} --seed ${rest.seed}`).toEqual([])
  expect(cycles).toBe(rest.cycles)
  // A load that is all refused would prove nothing.
  for (const name of ['clicks', 'sales', 'refunds', 'applications', 'adjustments', 'marks'])
    expect(facts[name], name).toBeGreaterThan(0)
})
