import type { Selectable } from 'kysely'
import { inParts } from './import.ts'
import type { Db, Schema } from './schema.ts'

// What is there already of what the rows of an import tell of.

const partnerColumns = [
  'id',
  'email',
  'emailFold',
  'firstName',
  'lastName',
  'company',
  'website',
  'slug',
  'ratePpm',
  'payoutMethod',
  'payoutEmail',
  'createdAt',
  'activatedAt',
  'deactivatedAt',
] as const
export type KnownPartner = Pick<Selectable<Schema['partners']>, (typeof partnerColumns)[number]>

export function partners(db: Db, programId: string, by: 'id' | 'emailFold', values: string[]): Promise<KnownPartner[]> {
  return inParts(values, some =>
    db.selectFrom('partners').select(partnerColumns).where('programId', '=', programId).where(by, 'in', some).execute(),
  )
}

export function codes(db: Db, programId: string, folds: string[]) {
  return inParts(folds, some =>
    db
      .selectFrom('codes')
      .select(['codeFold', 'code', 'partnerId', 'customerId', 'retiredAt'])
      .where('programId', '=', programId)
      .where('codeFold', 'in', some)
      .execute(),
  )
}

export type KnownCustomer = {
  id: string
  externalId: string | null
  email: string | null
  emailFold: string | null
  name: string | null
}

/** Customers by the host's ids, by ids that they had before they were joined, by Stripe's ids, or by address. */
export async function customers(
  db: Db,
  programId: string,
  wanted: { externalIds: string[]; stripeIds: string[]; emailFolds: string[]; ids: string[] },
) {
  const all = db
    .selectFrom('customers')
    .select(['customers.id', 'externalId', 'email', 'emailFold', 'name'])
    .where('customers.programId', '=', programId)
  const byId = (ids: string[]) => inParts(ids, some => all.where('customers.id', 'in', some).execute())
  const named = await inParts(wanted.externalIds, some => all.where('externalId', 'in', some).execute())
  const mailed = await inParts(wanted.emailFolds, some =>
    all.where('emailFold', 'in', some).orderBy('createdAt').orderBy('customers.id').execute(),
  )
  const aliases = await inParts([...wanted.externalIds, ...wanted.ids], some =>
    db
      .selectFrom('customerAliases')
      .select(['alias', 'customerId'])
      .where('programId', '=', programId)
      .where('alias', 'in', some)
      .execute(),
  )
  const stripes = await inParts(wanted.stripeIds, some =>
    db
      .selectFrom('stripeCustomers')
      .select(['stripeId', 'customerId'])
      .where('programId', '=', programId)
      .where('stripeId', 'in', some)
      .execute(),
  )
  const others = [...wanted.ids, ...aliases.map(each => each.customerId), ...stripes.map(each => each.customerId ?? '')]
  const rows: KnownCustomer[] = [...named, ...mailed, ...(await byId(others.filter(Boolean)))]
  return { rows, aliases, stripes }
}

export type KnownReferral = { id: string; customerId: string; partnerId: string | null; code: string; qualifiedAt: string | null }

export function referrals(db: Db, programId: string, customerIds: string[]): Promise<KnownReferral[]> {
  return inParts(customerIds, some =>
    db
      .selectFrom('referrals')
      .select(['id', 'customerId', 'partnerId', 'code', 'qualifiedAt'])
      .where('programId', '=', programId)
      .where('customerId', 'in', some)
      .execute(),
  )
}

export type KnownCommission = Selectable<Schema['commissions']> & { paidAt: string | null }

/** Commissions by id, held until the transaction ends where `lock` says so. */
export async function commissions(db: Db, programId: string, ids: string[], lock: boolean): Promise<KnownCommission[]> {
  if (lock)
    await inParts(ids, async some => {
      await db
        .updateTable('commissions')
        .set(({ ref }) => ({ reversed: ref('reversed') }))
        .where('programId', '=', programId)
        .where('id', 'in', some)
        .execute()
      return []
    })
  return inParts(ids, some =>
    db
      .selectFrom('commissions')
      .leftJoin('payouts', 'payouts.id', 'commissions.payoutId')
      .selectAll('commissions')
      .select('payouts.paidAt')
      .where('commissions.programId', '=', programId)
      .where('commissions.id', 'in', some)
      .execute(),
  )
}

/** Payments by any name that they go by, with the partners that have earned by each. */
export async function sales(db: Db, programId: string, ids: string[]) {
  const aliases = await inParts(ids, some =>
    db
      .selectFrom('paymentNames')
      .select(['name', 'externalId'])
      .where('programId', '=', programId)
      .where('name', 'in', some)
      .execute(),
  )
  const known = await inParts([...ids, ...aliases.map(each => each.externalId)], some =>
    db
      .selectFrom('conversions')
      .select(['id', 'externalId'])
      .where('programId', '=', programId)
      .where('externalId', 'in', some)
      .execute(),
  )
  const earned = await inParts(
    known.map(each => each.id),
    some =>
      db
        .selectFrom('commissions')
        .select(['conversionId', 'partnerId', 'why'])
        // By the ids alone: SQLite would rather read all of the program's.
        .where('conversionId', 'in', some)
        .execute(),
  )
  return { aliases, known, earned }
}
