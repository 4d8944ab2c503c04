import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, isTaken } from '../../server/store/database.ts'
import { balances, type Entry, type Posting, post } from '../../server/store/journal.ts'
import type { Db } from '../../server/store/schema.ts'
import { addPartner, addProgram, emptyStore, type Store } from '../support/store.ts'

let store: Store
let partnerId: string
beforeAll(async () => {
  store = await emptyStore()
  await addProgram(store, 'prog_a')
})
afterAll(() => store.close())

let tests = 0
beforeEach(async () => {
  partnerId = await addPartner(store, { programId: 'prog_a', code: `partner-${++tests}` })
})

let made = 0
const line = (more: Partial<Entry>): Entry => ({
  account: 'partner_earnings',
  partnerId,
  commissionId: null,
  currency: 'EUR',
  amount: 0,
  availableAt: '2026-04-01T00:00:00.000Z',
  ...more,
})
const posting = (entries: Entry[], key = `key-${++made}`): Posting => ({
  id: `jtx_${++made}`,
  programId: 'prog_a',
  key,
  kind: 'commission_earned',
  at: '2026-03-01T00:00:00.000Z',
  createdAt: '2026-03-01T00:00:00.000Z',
  entries,
})
const both = (amount: number, currency = 'EUR', availableAt?: string) => [
  line({ amount, currency, ...(availableAt && { availableAt }) }),
  line({ amount: -amount, currency, account: 'commission_expense', availableAt: null }),
]
const write = (wanted: Posting) => inTransaction(store.database, db => post(db, wanted))
const rows = async () => {
  const { db } = store.database
  const [transactions, entries] = [
    await db.selectFrom('journalTransactions').selectAll().execute(),
    await db.selectFrom('journalEntries').selectAll().execute(),
  ]
  return { transactions, entries }
}

describe('What is posted', () => {
  test('has to sum to zero, in each currency', async () => {
    const before = await rows()
    const unbalanced = [
      [line({ amount: 1 })],
      [line({ amount: 100 }), line({ amount: -99 })],
      [line({ amount: 100 }), line({ amount: -100, currency: 'USD' })],
      [...both(100), line({ amount: 1, currency: 'USD' })],
      // Two sums of floating-point numbers would be alike here.
      [
        line({ amount: Number.MAX_SAFE_INTEGER }),
        line({ amount: Number.MAX_SAFE_INTEGER }),
        line({ amount: -Number.MAX_SAFE_INTEGER }),
        line({ amount: 1 - Number.MAX_SAFE_INTEGER }),
      ],
    ]
    for (const entries of unbalanced) await expect(write(posting(entries))).rejects.toThrow('do not balance')
    expect(await rows()).toEqual(before)
  })

  test('is posted once under its key', async () => {
    await write(posting(both(100), 'earned:cnv_1'))
    const before = await rows()
    const refusal = await write(posting(both(200), 'earned:cnv_1')).catch((error: unknown) => error)
    expect(isTaken(refusal, 'key')).toBe(true)
    expect(await rows()).toEqual(before)
  })

  test('is not there where the transaction around it fails', async () => {
    const before = await rows()
    const failing = inTransaction(store.database, async db => {
      await post(db, posting(both(100)))
      throw new Error('something later')
    })
    await expect(failing).rejects.toThrow('something later')
    expect(await rows()).toEqual(before)
  })

  test('belongs to a program that is there', async () => {
    await expect(write({ ...posting(both(100)), programId: 'prog_nowhere' })).rejects.toThrow(/foreign key/i)
  })
})

describe('A balance', () => {
  test('is the sum of what has been posted, by currency, pending until it may be paid', async () => {
    await write(posting(both(11_960, 'EUR', '2026-04-09T12:00:00.000Z')))
    await write(posting(both(500, 'EUR', '2026-03-01T00:00:00.000Z')))
    await write(posting(both(-200, 'EUR', '2026-03-01T00:00:00.000Z')))
    await write(posting(both(70, 'USD', '2026-05-01T00:00:00.000Z')))
    const at = (now: string) => balances(store.database.db, partnerId, now)
    const usd = { currency: 'USD', pending: 70, approved: 0, paid: 0 }
    expect(await at('2026-04-09T11:59:59.999Z')).toEqual([{ currency: 'EUR', pending: 11_960, approved: 300, paid: 0 }, usd])
    expect(await at('2026-04-09T12:00:00.000Z')).toEqual([{ currency: 'EUR', pending: 0, approved: 12_260, paid: 0 }, usd])
  })

  test('may be below zero, and is nobody else’s', async () => {
    await write(posting(both(-500, 'EUR', '2026-03-01T00:00:00.000Z')))
    const now = '2026-06-01T00:00:00.000Z'
    expect(await balances(store.database.db, partnerId, now)).toEqual([{ currency: 'EUR', pending: 0, approved: -500, paid: 0 }])
    const other = await addPartner(store, { programId: 'prog_a', code: `other-${tests}` })
    expect(await balances(store.database.db, other, now)).toEqual([])
  })
})

describe('History', () => {
  const changes: [string, (db: Db) => Promise<unknown>][] = [
    ['an amount', db => db.updateTable('journalEntries').set({ amount: 1 }).execute()],
    [
      'one column of one row',
      db => db.updateTable('journalEntries').set({ availableAt: null }).where('position', '=', 0).execute(),
    ],
    ['an entry away', db => db.deleteFrom('journalEntries').where('position', '=', 1).execute()],
    ['a transaction', db => db.updateTable('journalTransactions').set({ kind: 'x' }).execute()],
    ['a transaction away', db => db.deleteFrom('journalTransactions').execute()],
    [
      'a row by writing over it',
      db =>
        sql`insert into journal_transactions select * from journal_transactions where true on conflict (id) do update set kind = 'x'`.execute(
          db,
        ),
    ],
  ]

  test.each(changes)('is not changed: not %s', async (_, change) => {
    await write(posting(both(100)))
    const before = await rows()
    await expect(inTransaction(store.database, change)).rejects.toThrow('append-only')
    expect(await rows()).toEqual(before)
  })
})
