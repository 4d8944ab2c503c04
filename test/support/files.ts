import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Every file in these folders of the repository, with its path from the root. A folder that has no file yet has none. */
export function filesIn(...folders: string[]) {
  return folders
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
}

export const read = (path: string) => readFileSync(join(root, path), 'utf8')

const MEMORY = '/dev/shm'

/** Where databases lie of which nothing asks whether they outlive a power cut: in memory, where there is much of it. */
export function quickFolder() {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > 2 ** 32 ? MEMORY : tmpdir()
}
