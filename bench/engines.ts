import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as postgres from '../test/support/postgres.ts'

export type Engine = 'sqlite' | 'postgres'
export type Place = {
  name: string
  /** For files that a part needs for itself; PostgreSQL may read what lies there. */
  folder: string
  /** The address of a new, empty database. */
  database(): Promise<string>
}

/** Does the same on each engine, one after the other; what they have stored is gone afterwards, whatever came of it. */
export async function onEngines(engines: Engine[], work: (place: Place) => Promise<void>) {
  for (const engine of engines) {
    const folder = mkdtempSync(join(tmpdir(), 'mislata-bench-'))
    chmodSync(folder, 0o755)
    const cluster = engine === 'postgres' ? await postgres.start({ durable: true }) : null
    let made = 0
    try {
      await work({
        name: cluster ? 'PostgreSQL' : 'SQLite',
        folder,
        database: async () => (cluster ? postgres.freshDatabase(cluster.url) : `sqlite:${join(folder, `bench-${made++}.db`)}`),
      })
    } finally {
      await cluster?.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
