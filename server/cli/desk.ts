import { type Config, readConfig } from '../config.ts'
import { answering, deskOf, secretOf, using } from '../installation.ts'
import type { Desk } from '../program/desk.ts'
import type { ClickWriter } from '../store/clicks.ts'
import { type Database, openBeside } from '../store/database.ts'
import { outstanding } from '../store/migrate.ts'
import * as programs from '../store/programs.ts'
import { CouldNot } from './command.ts'

type Around = { config: Config; database: Database }

/** Does `work` on the installation's database, beside a server that may be running. */
export async function besideServer<T>(work: (around: Around) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  return answering(() => using(openBeside(config.databaseUrl), database => work({ config, database })))
}

/** The same where the tables are those of this release. A desk that only reads signs nothing, and needs no secret. */
export function atDesk<T>({ writes }: { writes: boolean }, work: (desk: Desk) => Promise<T>): Promise<T> {
  return besideServer(async ({ config, database }) => {
    await assertUpToDate(database)
    const secret = writes ? await secretOf(config, database) : ''
    return work(deskOf(config, { database, secret, clicks: noClicks }))
  })
}

export async function assertUpToDate(database: Database) {
  const { pending, unknown } = await outstanding(database)
  if (unknown.length) throw new CouldNot(`The database is newer than this release: it has ${unknown.join(', ')}.`)
  if (pending.length)
    throw new CouldNot(`The tables are not those of this release: ${pending.join(', ')} to be done. Run: mislata migrate`)
}

/** All programs, or the one that is named by its id. */
export async function programsOf(desk: Desk, id: string | undefined) {
  const all = await programs.all(desk.database.db)
  if (id === undefined) return all
  const found = all.filter(each => each.id === id)
  if (!found.length)
    throw new CouldNot(
      `There is no program ${id}. There ${all.length ? `are: ${all.map(each => each.id).join(', ')}` : 'is none'}.`,
    )
  return found
}

// A server's own writer is a thread that reads the last hour first; no command takes a click.
const noClicks: ClickWriter = {
  write: () => Promise.reject(new Error('A command takes no clicks')),
  state: () => ({ queued: 0, refused: 0 }),
  watch: () => {},
  close: async () => {},
}
