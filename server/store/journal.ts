import { sql } from 'kysely'
import { contentHash } from '../rules/journal-chain.ts'
import type { Waiting } from '../rules/next-payout.ts'
import { compiled } from './compiled.ts'
import type { Db } from './schema.ts'

/**
 * The accounts. What a partner has earned stands in `partner_earnings`, above zero for what is owed to it, and for as long
 * as somebody has stopped it in `partner_held`; in `partner_payable` while it is in a payout, and in `partner_paid` once
 * that is paid. The other side of a commission is the program's `commission_expense`.
 */
export type Account = 'partner_earnings' | 'partner_held' | 'partner_payable' | 'partner_paid' | 'commission_expense'

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
  // A statement takes only so many values.
  for (let i = 0; i < rows.length; i += 500)
    await db
      .insertInto('journalEntries')
      .values(rows.slice(i, i + 500))
      .execute()
  const { id: transactionId, programId } = transaction
  const content = contentHash(transaction, rows)
  await db.insertInto('journalWaiting').values({ programId, transactionId, content }).execute()
  for (const [at, amount] of owed(entries)) {
    const [currency = '', availableOn = ''] = at.split(' ')
    await sql`insert into program_owed (program_id, currency, available_on, amount)
      values (${transaction.programId}, ${currency}, ${availableOn}, ${amount})
      on conflict (program_id, currency, available_on) do update set amount = program_owed.amount + excluded.amount`.execute(db)
  }
}

/** What entries add to what is owed, by currency and day: summed as they come in, so that nobody has to add up a whole journal. */
export function owed(entries: Entry[]) {
  const sums = new Map<string, number>()
  for (const { account, currency, amount, availableAt } of entries) {
    if (account === 'commission_expense' || account === 'partner_paid') continue
    const at = `${currency} ${account === 'partner_held' ? 'held' : (availableAt?.slice(0, 10) ?? '')}`
    sums.set(at, (sums.get(at) ?? 0) + amount)
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

export type Balance = { currency: string; pending: number; approved: number; paid: number }

/**
 * What a partner has, by currency: pending until it may be paid, approved from then on, in a payout or not, until that is
 * paid. Minor units.
 */
export async function balances(db: Db, partnerId: string, now: string): Promise<Balance[]> {
  const rows = await db
    .selectFrom('journalEntries')
    .select('currency')
    .select(
      sql<number>`cast(sum(case when account = 'partner_earnings' and available_at > ${now} then amount else 0 end) as bigint)`.as(
        'pending',
      ),
    )
    .select(sql<number>`cast(sum(case when account = 'partner_paid' then amount else 0 end) as bigint)`.as('paid'))
    .select(sql<number>`cast(sum(amount) as bigint)`.as('all'))
    .where('partnerId', '=', partnerId)
    .where('account', 'in', ['partner_earnings', 'partner_payable', 'partner_paid'])
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows.map(row => {
    const [pending, paid] = [Number(row.pending), Number(row.paid)]
    return { currency: row.currency, pending, approved: Number(row.all) - pending - paid, paid }
  })
}

/** What a partner has by currency and account; `at` is from when on it may be paid, empty where it may be by now. Minor units. */
export type Holding = Omit<Waiting, 'account'> & { account: Waiting['account'] | 'partner_paid' }

/** All of a partner's holdings, from which both balances and what waits are known at the price of one look. */
export async function holdings(db: Db, partnerId: string, now: string): Promise<Holding[]> {
  const rows = await holdingsOf(db, { partnerId, now })
  return rows.map(row => ({ ...row, amount: Number(row.amount) }))
}

// In three, because each is read in the order of its index, and so is summed without being sorted.
const holdingsOf = compiled(
  (_, { partnerId, now }: { partnerId: string; now: string }) => sql<Holding>`
    select currency, account, '' as at, cast(sum(amount) as bigint) as amount from journal_entries
    where partner_id = ${partnerId} and account in ('partner_payable', 'partner_paid') group by account, currency
    union all
    select currency, account, '' as at, cast(sum(amount) as bigint) as amount from journal_entries
    where partner_id = ${partnerId} and account = 'partner_earnings' and coalesce(available_at, '') <= ${now}
    group by account, currency
    union all
    select currency, account, available_at as at, cast(sum(amount) as bigint) as amount from journal_entries
    where partner_id = ${partnerId} and account = 'partner_earnings' and available_at > ${now}
    group by account, currency, available_at`,
)

/** The same as `balances`. */
export function balancesOf(holdings: readonly Holding[]): Balance[] {
  const byCurrency = [...Map.groupBy(holdings, each => each.currency)].sort(([a], [b]) => (a < b ? -1 : 1))
  return byCurrency.map(([currency, own]) => {
    const sumOf = (isIn: (holding: Holding) => boolean) => own.filter(isIn).reduce((sum, each) => sum + each.amount, 0)
    const paid = sumOf(each => each.account === 'partner_paid')
    const pending = sumOf(each => each.account === 'partner_earnings' && each.at !== '')
    return { currency, pending, approved: sumOf(() => true) - pending - paid, paid }
  })
}

/** What a partner may be paid now, what stands in open payouts, and what may be paid from when on. */
export function waitingOf(holdings: readonly Holding[]): Waiting[] {
  return holdings.filter((each): each is Waiting => each.account !== 'partner_paid' && each.amount !== 0)
}

/** Every entry that a commission has had, in the order in which they were written. */
export async function ofCommission(db: Db, commissionId: string) {
  return (
    db
      .selectFrom('journalEntries')
      .innerJoin('journalTransactions', 'journalTransactions.id', 'journalEntries.transactionId')
      .select(['transactionId', 'key', 'kind', 'account', 'amount', 'currency', 'availableAt', 'at', 'createdAt'])
      .where('commissionId', '=', commissionId)
      .orderBy('journalTransactions.createdAt')
      // What was made and changed in one moment was made first.
      .orderBy(sql`case when kind in ('commission_earned', 'commission_adjusted') then 0 else 1 end`)
      .orderBy('transactionId')
      .orderBy('position')
      .execute()
  )
}

/** Transactions with their entries, every column of both. */
export async function whole(db: Db, ids: string[]) {
  if (!ids.length) return []
  const transactions = await db.selectFrom('journalTransactions').selectAll().where('id', 'in', ids).execute()
  return withEntries(db, transactions)
}

/** The next transactions of a program with their entries, by key. */
export async function page(db: Db, programId: string, { after, limit }: { after: string; limit: number }) {
  const transactions = await db
    .selectFrom('journalTransactions')
    .selectAll()
    .where('programId', '=', programId)
    .where('key', '>', after)
    .orderBy('key')
    .limit(limit)
    .execute()
  return withEntries(db, transactions)
}

async function withEntries<T extends { id: string }>(db: Db, transactions: T[]) {
  if (!transactions.length) return []
  const ids = transactions.map(each => each.id)
  const entries = await db.selectFrom('journalEntries').selectAll().where('transactionId', 'in', ids).execute()
  const byId = Map.groupBy(entries, each => each.transactionId)
  return transactions.map(each => ({ ...each, entries: byId.get(each.id) ?? [] }))
}
