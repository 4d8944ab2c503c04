import { DatabaseSync } from 'node:sqlite'
import { Ledger } from '../../server/contract/ledger.ts'
import { answered } from './replies.ts'
import type { TestProgram, TestServer } from './server.ts'

/** What the check of a program's books comes to. */
export async function verified(server: TestServer, { program, secret }: Pick<TestProgram, 'program' | 'secret'>, query = '') {
  return answered(await server.ask('GET', `/v1/apps/${program.id}/ledger/verify${query}`, { key: secret }), 200, Ledger)
}

/**
 * Changes rows behind the server's back, as somebody can who has the database in his hands: nothing that guards its tables
 * is in the way. A statement that changes nothing is a mistake of the test.
 */
export function tamper(server: TestServer, statements: string[]) {
  return behindItsBack(server, async run => {
    for (const each of statements) if (!(await run(each))) throw new Error(`Nothing was changed: ${each}`)
  })
}

const MONEY = [
  ...['journal_transactions', 'journal_entries', 'journal_seals', 'journal_heads', 'journal_waiting'],
  ...['commissions', 'commission_decisions', 'payouts', 'payout_lines', 'refunds', 'disputes'],
  ...['program_owed', 'program_day_money', 'partner_periods', 'partner_day_earned'],
]

/** Keeps the books as they are now; what it returns puts them back. */
export async function keep(server: TestServer) {
  await behindItsBack(server, async run => {
    for (const table of MONEY) await run(`create table kept_${table} as select * from ${table}`)
  })
  return () =>
    behindItsBack(server, async run => {
      for (const table of MONEY) {
        await run(`delete from ${table}`)
        await run(`insert into ${table} select * from kept_${table}`)
      }
    })
}

type Run = (statement: string) => Promise<number>

/** One transaction in which neither triggers nor references guard anything; each statement says how many rows it changed. */
async function behindItsBack(server: TestServer, work: (run: Run) => Promise<void>) {
  const { engine, file, pool } = server.desk().database
  if (engine === 'sqlite') return inFile(file as string, work)
  const client = await pool?.connect()
  if (!client) throw new Error('There is no connection')
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    await work(async each => (await client.query(each)).rowCount ?? 0)
    await client.query('commit')
  } finally {
    client.release(true)
  }
}

async function inFile(file: string, work: (run: Run) => Promise<void>) {
  const connection = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: 5_000 })
  try {
    connection.exec('begin immediate')
    const triggers = connection.prepare(`select name, sql from sqlite_master where type = 'trigger'`).all()
    for (const { name } of triggers) connection.exec(`drop trigger ${name}`)
    await work(async each => Number(connection.prepare(each).run().changes))
    for (const { sql } of triggers) connection.exec(`${sql}`)
    connection.exec('commit')
  } finally {
    connection.close()
  }
}
