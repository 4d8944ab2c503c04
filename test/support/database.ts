import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { quickFolder } from './files.ts'
import { dropDatabase, freshDatabase } from './postgres.ts'

/** Which database the running project tests on. */
export const engine = process.env.TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite'

/** The address of a new, empty database of the project's kind, and the way to be rid of it. */
export function emptyDatabase() {
  return made()
}

/** The same with its tables, as the newest migration leaves them. */
export function readyDatabase() {
  return made(inject('template'))
}

async function made(template?: string) {
  if (engine === 'postgres') {
    const url = await freshDatabase(inject('postgresUrl'), template)
    return { url, remove: () => dropDatabase(url) }
  }
  const folder = mkdtempSync(join(template ? quickFolder() : tmpdir(), 'mislata-test-'))
  const file = join(folder, 'test.db')
  if (template) copyFileSync(template, file)
  return { url: `sqlite:${file}`, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
