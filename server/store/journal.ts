import { sql } from 'kysely'
import type { Db } from './schema.ts'

/**
 * The accounts. What a partner has earned stands in `partner_earnings`, above zero for what is owed to it;
 * the other side of a commission is the program's `commission_expense`.
 */
export type Account = 'partner_earnings' | 'commission_expense'

export type Entry = {
  account: Account
  partnerId: string | null
  commissionId: string | null
  currency: string
  /** Minor units; the entries of one transaction sum to zero in each currency. */
  amount: number
  /** From when an amount in `partner_earnings` may be paid. */
  availableAt: string | null
}

export type Posting = {
  id: string
  programId: string
  key: string
  kind: string
  at: string
  createdAt: string
  entries: Entry[]
}

/**
 * Writes one transaction, whole, in the caller's database transaction. `key` says what it is the record of: a second
 * one under the same key is refused by the table. Throws where the entries do not balance, because then a rule is wrong.
 */
export async function post(db: Db, { entries, ...transaction }: Posting) {
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of entries) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount))
  if ([...sums.values()].some(sum => sum !== 0n)) throw new Error(`The entries of ${transaction.key} do not balance`)
  await db.insertInto('journalTransactions').values(transaction).execute()
  const rows = entries.map((entry, position) => ({
    ...entry,
    transactionId: transaction.id,
    programId: transaction.programId,
    position,
  }))
  await db.insertInto('journalEntries').values(rows).execute()
}

export type Balance = { currency: string; pending: number; approved: number; paid: number }

/** What a partner has, by currency: pending until it may be paid, approved from then on. Minor units. */
export async function balances(db: Db, partnerId: string, now: string): Promise<Balance[]> {
  const rows = await db
    .selectFrom('journalEntries')
    .select('currency')
    .select(sql<number>`cast(sum(case when available_at > ${now} then amount else 0 end) as bigint)`.as('pending'))
    .select(sql<number>`cast(sum(case when available_at > ${now} then 0 else amount end) as bigint)`.as('approved'))
    .where('partnerId', '=', partnerId)
    .where('account', '=', 'partner_earnings')
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows.map(row => ({ currency: row.currency, pending: Number(row.pending), approved: Number(row.approved), paid: 0 }))
}
