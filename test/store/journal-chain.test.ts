import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Desk } from '../../server/program/desk.ts'
import { seal, sealAll } from '../../server/program/journal-chain.ts'
import { type Database, inTransaction, open } from '../../server/store/database.ts'
import { type Posting, post } from '../../server/store/journal.ts'
import { migrate } from '../../server/store/migrate.ts'
import { migrations } from '../../server/store/migrations.ts'
import { emptyDatabase, engine } from '../support/database.ts'
import { addPartner, addProgram } from '../support/store.ts'

let where: Awaited<ReturnType<typeof emptyDatabase>>
let database: Database
const released = [...migrations]
const others: Database[] = []
beforeEach(async () => {
  where = await emptyDatabase()
  database = open(where.url)
})
afterEach(async () => {
  migrations.splice(0, migrations.length, ...released)
  for (const each of others.splice(0)) await each.close()
  await database.close()
  await where.remove()
})

const deskOf = (own: Database) => ({ database: own, clock: () => new Date('2026-03-10T12:00:00Z') }) as Desk
const at = '2026-03-01T00:00:00.000Z'
const posting = (programId: string, n: number): Posting => ({
  id: `jtx_${programId}_${String(n).padStart(6, '0')}`,
  programId,
  key: `key-${n}`,
  kind: 'commission_earned',
  at,
  createdAt: at,
  entries: [
    { account: 'partner_earnings', partnerId: 'par_1', commissionId: 'com_1', currency: 'EUR', amount: n, availableAt: at },
    { account: 'commission_expense', partnerId: 'par_1', commissionId: 'com_1', currency: 'EUR', amount: -n, availableAt: null },
  ],
})
const write = (own: Database, programId: string, n: number) => inTransaction(own, db => post(db, posting(programId, n)))
const seals = (programId: string) =>
  database.db.selectFrom('journalSeals').selectAll().where('programId', '=', programId).orderBy('sequence').execute()

/** As docs/money.md says it: anybody can make the chain again with nothing but a SHA-256. */
const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const contentOf = ({ id, programId, key, kind, entries }: Posting) =>
  sha256([
    id,
    programId,
    key,
    kind,
    at,
    at,
    entries.map((each, position) => [
      position,
      programId,
      each.account,
      each.partnerId,
      each.commissionId,
      each.currency,
      each.amount,
      each.availableAt,
    ]),
  ])

/** The chain of a program holds these transactions, each once, one after the other. */
async function expectChain(programId: string, numbers: number[]) {
  const chain = await seals(programId)
  expect(chain.map(each => each.transactionId).sort()).toEqual(numbers.map(n => posting(programId, n).id).sort())
  expect(chain.map(each => each.sequence)).toEqual(chain.map((_, n) => n + 1))
  let before = '0'.repeat(64)
  for (const { sequence, transactionId, content, hash } of chain) {
    expect(content).toBe(contentOf(posting(programId, Number(transactionId.slice(-6)))))
    expect(hash).toBe(sha256([programId, sequence, before, transactionId, content]))
    before = hash
  }
  const heads = await database.db.selectFrom('journalHeads').selectAll().where('programId', '=', programId).execute()
  expect(heads).toEqual([{ programId, length: numbers.length, hash: before }])
}

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, n) => n + from)

test('Every transaction has its place in the chain of its program, once', async () => {
  await migrate(database)
  for (const id of ['prog_a', 'prog_b']) await addProgram({ database } as never, id)
  for (const n of upTo(5)) await write(database, n % 2 ? 'prog_a' : 'prog_b', n)
  await sealAll(deskOf(database))
  await expectChain('prog_a', [1, 3, 5])
  await expectChain('prog_b', [2, 4])
  await write(database, 'prog_a', 7)
  await sealAll(deskOf(database))
  await sealAll(deskOf(database))
  await expectChain('prog_a', [1, 3, 5, 7])
  expect(await database.db.selectFrom('journalWaiting').selectAll().execute()).toEqual([])
})

test('However many servers seal while others book, none is left out and none is sealed twice', async () => {
  await migrate(database)
  await addProgram({ database } as never, 'prog_a')
  if (engine === 'postgres') others.push(...upTo(3).map(() => open(where.url)))
  const all = [database, ...others, database, database, database].slice(0, 4)
  const count = 600
  const booking = all.map(async (own, nth) => {
    for (const n of upTo(count / 4, (nth * count) / 4 + 1)) await write(own, 'prog_a', n)
  })
  let over = false
  const sealing = all.map(async own => {
    while (!over) await seal(deskOf(own), 'prog_a')
  })
  await Promise.all(booking)
  over = true
  await Promise.all(sealing)
  await Promise.all(all.map(own => seal(deskOf(own), 'prog_a')))
  await expectChain('prog_a', upTo(count))
})

test('A place that was given is not changed, nor taken away', async () => {
  await migrate(database)
  await addProgram({ database } as never, 'prog_a')
  await write(database, 'prog_a', 1)
  await seal(deskOf(database), 'prog_a')
  const change = inTransaction(database, db => db.updateTable('journalSeals').set({ content: 'x' }).execute())
  await expect(change).rejects.toThrow('append-only')
  await expect(inTransaction(database, db => db.deleteFrom('journalSeals').execute())).rejects.toThrow('append-only')
  await expectChain('prog_a', [1])
})

test('What an earlier release has booked is sealed as it is found, and what is booked since goes on from there', async () => {
  migrations.splice(migrations.findIndex(each => each.name === '012_journal_seals'))
  await migrate(database)
  await addProgram({ database } as never, 'prog_a')
  await addPartner({ database }, { programId: 'prog_a', code: 'jane' })
  await inTransaction(database, async db => {
    for (const n of upTo(450)) {
      const { entries, id, ...transaction } = posting('prog_a', n)
      await db
        .insertInto('journalTransactions')
        .values({ id, ...transaction })
        .execute()
      const rows = entries.map((each, position) => ({ ...each, position, transactionId: id, programId: 'prog_a' }))
      await db.insertInto('journalEntries').values(rows).execute()
    }
  })
  migrations.splice(0, migrations.length, ...released)
  await migrate(database)
  const { rows } = await sql`select 1 from journal_waiting where content is null`.execute(database.db)
  expect(rows).toHaveLength(450)
  await write(database, 'prog_a', 451)
  await sealAll(deskOf(database))
  await expectChain('prog_a', upTo(451))
})
