import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

// Loaded before a server (`node --import`): ends its process, as a power cut would, when it is about to send the
// statement that KILL_AT is the beginning of. What it sent before has reached the database.
const { KILL_AT = '' } = process.env

function look(text: unknown) {
  if (typeof text === 'string' && text.trimStart().startsWith(KILL_AT)) process.kill(process.pid, 'SIGKILL')
}

const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (text) {
  look(text)
  return prepare.call(this, text)
}

const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [asked] = args
  look(typeof asked === 'object' && asked !== null && 'text' in asked ? asked.text : asked)
  return Reflect.apply(query, this, args)
} as typeof query
