import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'

// What an import asks of the database and writes to it, for hundreds of rows at a time.

export type Name = Selectable<Schema['importedNames']>

/** Of several imports of one program that run at once, one does a batch at a time; until the transaction ends. */
export async function holdTurn(db: Db, programId: string, now: string) {
  const turn = {
    programId,
    source: 'mislata',
    kind: 'turn',
    foreignKey: '',
    objectId: programId,
    fingerprint: '',
    createdAt: now,
  }
  await db
    .insertInto('importedNames')
    .values(turn)
    .onConflict(on => on.columns(['programId', 'source', 'kind', 'foreignKey']).doUpdateSet({ fingerprint: '' }))
    .execute()
}

/** Holds what is known of payments until the transaction ends, and says of which something was known before. */
export async function holdSales(db: Db, programId: string, externalIds: string[]) {
  const sorted = [...new Set(externalIds)].sort()
  const known = await inParts(sorted, some =>
    db.selectFrom('sales').select('externalId').where('programId', '=', programId).where('externalId', 'in', some).execute(),
  )
  await inParts(sorted, some =>
    db
      .insertInto('sales')
      .values(some.map(externalId => ({ programId, externalId })))
      .onConflict(on => on.columns(['programId', 'externalId']).doUpdateSet({ programId }))
      .execute(),
  )
  return new Set(known.map(each => each.externalId))
}

/** By which names of a source some of what is here goes. */
export async function namesOf(
  db: Db,
  at: { programId: string; source: string; kind: string },
  objectIds: string[],
): Promise<Name[]> {
  // By the ids alone: SQLite would rather read all that the program has of that kind.
  const all = await inParts(objectIds, some => db.selectFrom('importedNames').selectAll().where('objectId', 'in', some).execute())
  return all.filter(each => each.programId === at.programId && each.source === at.source && each.kind === at.kind)
}

/** What goes by some names of one kind of a source, by those. */
export async function names(db: Db, at: { programId: string; source: string; kind: string }, keys: string[]): Promise<Name[]> {
  return inParts(keys, some =>
    db
      .selectFrom('importedNames')
      .selectAll()
      .where('programId', '=', at.programId)
      .where('source', '=', at.source)
      .where('kind', '=', at.kind)
      .where('foreignKey', 'in', some)
      .execute(),
  )
}

/** Keeps names; those that are known from now on with what the source says now. */
export async function putNames(db: Db, rows: Insertable<Schema['importedNames']>[]) {
  await inParts(rows, some =>
    db
      .insertInto('importedNames')
      .values(some)
      .onConflict(on =>
        on.columns(['programId', 'source', 'kind', 'foreignKey']).doUpdateSet(({ ref }) => ({
          fingerprint: ref('excluded.fingerprint'),
          objectId: ref('excluded.objectId'),
        })),
      )
      .execute(),
  )
}

type Inserts = {
  [T in
    | 'partners'
    | 'codes'
    | 'customers'
    | 'referrals'
    | 'conversions'
    | 'commissions'
    | 'commissionDecisions'
    | 'payouts'
    | 'payoutLines'
    | 'journalTransactions'
    | 'journalEntries'
    | 'journalWaiting']: Insertable<Schema[T]>[]
}

/** Rows of one table, as many statements as they need. */
export async function insert<T extends keyof Inserts>(db: Db, table: T, rows: Inserts[T]) {
  await inParts(rows as Insertable<Schema['codes']>[], async some => {
    await db
      .insertInto(table as 'codes')
      .values(some)
      .execute()
    return []
  })
}

/** Lines of payouts, each with the number that comes after those that its commission has had. */
export async function insertLines(db: Db, lines: Insertable<Schema['payoutLines']>[]) {
  const had = await inParts(
    lines.map(each => each.commissionId),
    some =>
      db
        .selectFrom('payoutLines')
        .select(['commissionId', ({ fn }) => fn.max('number').as('last')])
        .where('commissionId', 'in', some)
        .groupBy('commissionId')
        .execute(),
  )
  const last = new Map(had.map(each => [each.commissionId, Number(each.last)]))
  await insert(
    db,
    'payoutLines',
    lines.map(each => ({ ...each, number: (last.get(each.commissionId) ?? 0) + 1 })),
  )
}

/** Which of Stripe's customers are which of ours; one that is somebody already stays so. */
export async function putStripeCustomers(db: Db, rows: { programId: string; stripeId: string; customerId: string }[]) {
  await inParts(rows, some =>
    db
      .insertInto('stripeCustomers')
      .values(some)
      .onConflict(on =>
        on.columns(['programId', 'stripeId']).doUpdateSet(({ fn, ref }) => ({
          customerId: fn.coalesce('stripeCustomers.customerId', ref('excluded.customerId')),
        })),
      )
      .execute(),
  )
}

/** A month that was over before the program was there: nobody is told of it, and nothing else is booked into it. */
export async function putPastPeriods(db: Db, programId: string, periods: string[], now: string) {
  await inParts(periods, some =>
    db
      .insertInto('periods')
      .values(some.map(period => ({ programId, period, closedAt: now, announcedAt: now })))
      .onConflict(on => on.columns(['programId', 'period']).doNothing())
      .execute(),
  )
}

/** Some at a time, because a statement takes only so many values. */
export async function inParts<T, R>(all: readonly T[], work: (some: T[]) => Promise<readonly R[]>): Promise<R[]> {
  const found: R[] = []
  for (let i = 0; i < all.length; i += PART) found.push(...(await work(all.slice(i, i + PART))))
  return found
}

const PART = 250
