import { createHash, createHmac } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { CouldNot } from './command.ts'

/** What stands beside a backup: enough to know whether it is whole, and what a restore has to come to. */
export const Manifest = v.object({
  format: v.literal(1),
  release: v.string(),
  engine: v.picklist(['sqlite', 'postgres']),
  createdAt: v.string(),
  /** The copy's name beside this one, its size and its SHA-256. */
  file: v.object({ name: v.string(), bytes: v.number(), sha256: v.string() }),
  migrations: v.array(v.string()),
  /** How many rows each table has. */
  rows: v.record(v.string(), v.number()),
  /** Where each program's chain of seals ends: what is before it must never change. */
  chains: v.array(v.object({ programId: v.string(), length: v.number(), head: v.string() })),
  /** Whether the secret is in it, and what it can be recognised by. */
  secret: v.object({ kept: v.picklist(['beside', 'inside', 'environment']), mark: v.string() }),
})
export type Manifest = v.InferOutput<typeof Manifest>

export const MANIFEST = 'manifest.json'
export const SECRET = 'secret'

/** By which a secret can be told from another, and not be found out. */
export function markOf(secret: string) {
  return createHmac('sha256', secret).update('backup').digest('hex').slice(0, 16)
}

export async function sha256Of(file: string, far: (bytes: number) => void = () => {}) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk)
    bytes += chunk.length
    far(bytes)
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** The manifest of the backup in a folder. Throws `CouldNot` where there is none. */
export function manifestIn(folder: string): Manifest {
  try {
    return v.parse(Manifest, JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? `it has no ${MANIFEST}` : message
    throw new CouldNot(`${folder} is not a backup: ${why}`)
  }
}
