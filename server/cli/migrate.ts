import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { answering, using } from '../installation.ts'
import { open, openBeside } from '../store/database.ts'
import { migrate, outstanding } from '../store/migrate.ts'
import { migrations } from '../store/migrations.ts'
import { type Command, CouldNot, OK } from './command.ts'
import { complain, progress, say } from './terminal.ts'

export const command: Command = {
  about: [
    'All steps are one transaction: done whole, or not at all. A server does the same when it starts. On SQLite the server',
    'has to be stopped. Back up first: there is no way back but a backup.',
  ],
  options: { 'dry-run': { type: 'boolean', about: 'Say what would be done, one step a line, and do nothing' } },
  async run({ options }) {
    const { databaseUrl } = readConfig(process.env)
    if (options['dry-run']) return list(databaseUrl)
    const done = await answering(() =>
      using(open(databaseUrl), async database => {
        const step = progress('Migrating')
        const names = await migrate(database)
        step.end(names.length ? `${names.length} done` : 'there was nothing to do')
        return names
      }),
    )
    for (const name of done) say(name)
    return OK
  },
}

async function list(url: string) {
  const { pending, unknown } = await outstandingAt(url)
  if (unknown.length) throw new CouldNot(`The database is newer than this release: it has ${unknown.join(', ')}.`)
  if (!pending.length) complain('There is nothing to do.')
  for (const name of pending) say(name)
  return OK
}

async function outstandingAt(url: string) {
  const isThere = !url.startsWith('sqlite:') || existsSync(resolve(url.slice('sqlite:'.length)))
  if (!isThere) return { pending: migrations.map(each => each.name), unknown: [] }
  return answering(() => using(openBeside(url), outstanding))
}
