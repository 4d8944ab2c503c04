import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { open } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { migrations } from '../../server/store/migrations.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import { readyProcess, serverProcess } from '../support/process.ts'
import { admin, signIn } from '../support/server.ts'

// Each test starts processes, which are slow to start on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

const account = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
const killAt = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url))

async function database() {
  const made = await emptyDatabase()
  onTestFinished(made.remove)
  return made.url
}

/** The tables of a database, without migrating it. */
async function tables(url: string) {
  const database = open(url)
  const found = await database.db.introspection.getTables()
  await database.close()
  return found.map(each => each.name).sort()
}

async function whole() {
  const url = await database()
  const opened = open(url)
  await migrate(opened)
  await opened.close()
  return tables(url)
}

/** How often each migration has been done. */
async function ledger(url: string) {
  const database = open(url)
  const rows = await database.db
    .selectFrom('migrations' as 'meta')
    .select('name')
    .execute()
  await database.close()
  return rows
    .map(each => each.name)
    .filter(name => name !== 'lock')
    .sort()
}

const step = 'insert into migrations (name, at) values ('
const statements = [
  ...[`${step}'lock'`, 'create table meta', 'create table clicks', 'create table mails', 'create trigger'],
  ...[engine === 'postgres' ? `${step}$1` : `${step}?`, 'commit'],
]

test.each(
  statements,
)('a server that is killed at "%s" leaves nothing half done, and the next one completes it', async statement => {
  const url = await database()
  const killed = serverProcess({ DATABASE_URL: url, KILL_AT: statement, ...account }, ['--import', killAt])
  expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect((await tables(url)).filter(name => name !== 'migrations')).toEqual([])
  const next = await readyProcess({ DATABASE_URL: url, ...account })
  expect(await signIn(next)).toEqual(expect.any(String))
  await next.end('SIGTERM')
  expect(await tables(url)).toEqual(await whole())
  expect(await ledger(url)).toEqual(migrations.map(each => each.name))
})

if (engine === 'postgres') {
  test('servers that start at the same moment on an empty database all get ready, and each step is done once', async () => {
    const url = await database()
    const servers = await Promise.all(Array.from({ length: 3 }, () => readyProcess({ DATABASE_URL: url, ...account })))
    expect(await ledger(url)).toEqual(migrations.map(each => each.name))
    const tokens = await Promise.all(servers.map(signIn))
    // Each takes what another has signed, and there is one first program.
    for (const [at, { ask }] of servers.entries()) {
      const token = tokens[(at + 1) % tokens.length]
      expect((await ask('GET', '/v1/apps', { token })).body.data).toHaveLength(1)
    }
  })
}
