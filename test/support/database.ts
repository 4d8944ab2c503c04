import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { dropDatabase, freshDatabase } from './postgres.ts'

/** Which database the running project tests on. */
export const engine = process.env.TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite'

/** The address of a new, empty database of the project's kind, and the way to be rid of it. */
export async function emptyDatabase() {
  if (engine === 'postgres') {
    const url = await freshDatabase(inject('postgresUrl'))
    return { url, remove: () => dropDatabase(url) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'mislata-test-'))
  return { url: `sqlite:${join(folder, 'test.db')}`, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
