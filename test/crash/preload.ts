import { readFileSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { StatementSync } from 'node:sqlite'
import { Duplex } from 'node:stream'
import { threadId } from 'node:worker_threads'
import type { Point } from './points.ts'

// Loaded before a server (`node --import`), in its threads too. It ends the process, as a power cut would, at the point
// that the file CRASH_CONTROL names for it; it gives the server the clock of that file, so that a lease which a dead server
// has left runs out without a wait; and it has what goes on by itself go on ten times as often.

type Control = { aheadMs: number; kill: (Point & { server: string; id: number }) | null }

const { CRASH_CONTROL: file = '', CRASH_NAME: server } = process.env
let control: Control = { aheadMs: 0, kill: null }
let readAt = Number.NEGATIVE_INFINITY

function current() {
  const now = performance.now()
  if (now - readAt > 5) {
    readAt = now
    control = JSON.parse(readFileSync(file, 'utf8'))
  }
  return control
}

// ── clock ──

const { now: realNow } = Date
const movedNow = () => realNow() + current().aheadMs
globalThis.Date = class extends Date {
  constructor(...given: unknown[]) {
    super(...((given.length ? given : [movedNow()]) as [number]))
  }
  static override now() {
    return movedNow()
  }
} as DateConstructor

// As often as this what goes on by itself looks whether there is something to do. Other timers keep their time.
const RHYTHMS = [500, 1_000]

const { setTimeout: realTimeout } = globalThis
globalThis.setTimeout = Object.assign(
  (act: () => void, ms = 0, ...rest: unknown[]) => realTimeout(act, RHYTHMS.includes(ms) ? ms / 10 : ms, ...(rest as [])),
  realTimeout,
)

// Whoever has started it may be ended as well, and then nobody would end this.
const { ppid } = process
if (threadId === 0) setInterval(() => process.ppid !== ppid && process.kill(process.pid, 'SIGKILL'), 2_000).unref()

// ── points ──

function die({ id }: { id: number }) {
  writeFileSync(`${file}.died`, String(id))
  process.kill(process.pid, 'SIGKILL')
}

const plain = (text: string) => text.trimStart().replaceAll('"', '').toLowerCase()
let counted = { id: -1, times: 0 }

/** The transactions of one connection. */
class Connection {
  #statements: string[] | null = null
  #after: { id: number } | null = null

  sends(text: string) {
    const statement = plain(text)
    if (statement.startsWith('begin')) this.#statements = []
    else if (statement.startsWith('rollback')) this.#statements = null
    else if (statement.startsWith('commit')) this.#commits()
    else if (this.#statements) this.#states(statement)
    else if (/^(insert|update|delete|with)\b/.test(statement)) {
      this.#statements = []
      this.#states(statement)
      this.#commits()
    }
  }

  #states(statement: string) {
    this.#statements?.push(statement)
    const { kill } = current()
    if (kill?.server !== server || kill?.when !== 'at') return
    if (kill.of.some(each => statement.startsWith(each)) && isNth(kill)) die(kill)
  }

  #commits() {
    const statements = this.#statements ?? []
    this.#statements = null
    const { kill } = current()
    if (!kill || kill.server !== server || kill.when === 'at') return
    // Clicks are one statement on PostgreSQL, which begins with what it inserts.
    const isSent = (each: string) =>
      statements.some(one => one.startsWith(each) || (one.startsWith('with incoming') && one.includes(each)))
    if (!kill.of.every(isSent) || !isNth(kill)) return
    if (kill.when === 'before') die(kill)
    this.#after = kill
  }

  committed() {
    if (this.#after) die(this.#after)
  }
}

function isNth({ id, nth }: { id: number; nth: number }) {
  if (counted.id !== id) counted = { id, times: 0 }
  return ++counted.times === nth
}

// On SQLite a thread writes by one connection, and the last statement of a transaction has happened when it returns.
const own = new Connection()
const statements = StatementSync.prototype
for (const method of ['run', 'all', 'get'] as const) {
  const original = statements[method] as (...given: unknown[]) => unknown
  Object.assign(statements, {
    [method](this: StatementSync, ...given: unknown[]) {
      const { sourceSQL } = this
      own.sends(sourceSQL)
      const result = original.apply(this, given)
      own.committed()
      return result
    },
  })
}

// The built server has its own copy of the client for PostgreSQL, so it is its wire that is read: what a query (Q) or a
// statement (P) says, and that the other side is ready again, in no transaction.
const QUERY = 0x51
const PARSE = 0x50
const IDLE = Buffer.from('Z\0\0\0\x05I')
const wires = new WeakMap<Socket, Connection>()

function wireOf(socket: Socket) {
  let wire = wires.get(socket)
  if (!wire) {
    const made = new Connection()
    wires.set(socket, made)
    socket.prependListener('data', (chunk: Buffer) => {
      if (chunk.includes(IDLE)) made.committed()
    })
    wire = made
  }
  return wire
}

function read(socket: Socket, bytes: Buffer) {
  for (let at = 0; at + 5 < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1)
    if (at + 1 + length > bytes.length) return
    const from = bytes[at] === PARSE ? bytes.indexOf(0, at + 5) + 1 : at + 5
    if (bytes[at] === QUERY || bytes[at] === PARSE) wireOf(socket).sends(bytes.toString('utf8', from, bytes.indexOf(0, from)))
    at += 1 + length
  }
}

Socket.prototype.write = function (this: Socket, ...given: unknown[]) {
  const [sent] = given
  if (threadId === 0 && Buffer.isBuffer(sent) && (sent[0] === QUERY || sent[0] === PARSE)) read(this, sent)
  return Reflect.apply(Duplex.prototype.write, this, given)
} as typeof Socket.prototype.write
