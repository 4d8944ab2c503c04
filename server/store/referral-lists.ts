import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { ReferralStatus } from '../contract/referrals.ts'
import type { Db, Schema } from './schema.ts'
import { holds } from './search.ts'

export type Wanted = {
  /** The customer and, where that is one, the partner: on either side of the referral. */
  of?: { customerId: string; partnerId: string | null } | undefined
  status?: ReferralStatus | undefined
  campaign?: string | undefined
  pendingGrant?: boolean | undefined
  search?: string | undefined
  limit: number
  offset?: number
}

/** A program's referrals, newest first, with the people on both sides and the number of all that match. */
export async function page(db: Db, programId: string, { of, status, campaign, pendingGrant, search, limit, offset = 0 }: Wanted) {
  let query = db.selectFrom('referrals').where('referrals.programId', '=', programId)
  if (of) {
    query = query.where(eb =>
      eb.or([
        eb('referrals.customerId', '=', of.customerId),
        eb('referrals.referrerCustomerId', '=', of.customerId),
        ...(of.partnerId ? [eb('referrals.partnerId', '=', of.partnerId)] : []),
      ]),
    )
  }
  if (status) query = query.where(eb => isIn(eb, status))
  if (campaign) query = query.where('referrals.campaign', '=', campaign)
  if (search)
    query = query.where(({ eb, or, selectFrom }) => {
      const partners = selectFrom('partners').select('partners.id').where('partners.programId', '=', programId)
      const people = selectFrom('customers').select('customers.id').where('customers.programId', '=', programId)
      const named = people.where(({ or }) =>
        or([
          holds('customers.emailFold', search, { isFolded: true }),
          holds('customers.name', search),
          holds('customers.externalId', search),
        ]),
      )
      return or([
        eb('referrals.id', '=', search),
        holds('referrals.code', search),
        eb('referrals.partnerId', 'in', partners.where(holds('partners.searchText', search, { isFolded: true }))),
        eb('referrals.customerId', 'in', named),
      ])
    })
  if (pendingGrant !== undefined) {
    query = query.where(eb => {
      const pending = eb.exists(
        eb
          .selectFrom('rewards')
          .select('rewards.id')
          .whereRef('rewards.referralId', '=', 'referrals.id')
          .where('rewards.nextAttemptAt', 'is not', null),
      )
      return pendingGrant ? pending : eb.not(pending)
    })
  }
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const ids = await query
    .select('referrals.id')
    .orderBy('referrals.createdAt', 'desc')
    .orderBy('referrals.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return {
    data: await withPeople(
      db,
      ids.map(each => each.id),
    ),
    total: Number(total),
  }
}

export type WithPeople = Awaited<ReturnType<typeof withPeople>>[number]

/** Referrals with the people on both sides, newest first. */
export async function withPeople(db: Db, ids: string[]) {
  if (!ids.length) return []
  return db
    .selectFrom('referrals')
    .innerJoin('customers as referred', 'referred.id', 'referrals.customerId')
    .leftJoin('partners', 'partners.id', 'referrals.partnerId')
    .leftJoin('customers as referrer', on =>
      on.on('referrer.id', '=', eb => eb.fn.coalesce('referrals.referrerCustomerId', 'partners.customerId')),
    )
    .selectAll('referrals')
    .select(['referred.email as referredEmail', 'referred.name as referredName'])
    .select(({ fn }) => [
      fn.coalesce('referred.externalId', 'referred.id').as('referredId'),
      fn.coalesce('referrer.externalId', 'referrer.id').as('referrerId'),
      fn.coalesce('partners.email', 'referrer.email').as('referrerEmail'),
    ])
    .select(['referrer.name as referrerName', 'partners.firstName', 'partners.lastName'])
    .where('referrals.id', 'in', ids)
    .orderBy('referrals.createdAt', 'desc')
    .orderBy('referrals.id', 'desc')
    .execute()
}

/** What a customer's own codes have brought. */
export async function totalsOf(db: Db, customerId: string) {
  const one = (when: string) => sql<number>`sum(case when ${sql.raw(when)} then 1 else 0 end)`
  const row = await db
    .selectFrom('referrals')
    .select(({ fn }) => fn.countAll<number>().as('signups'))
    .select([
      one('qualified_at is not null or earned_at is not null').as('qualified'),
      one('rewarded_at is not null and reversed_at is null').as('rewarded'),
      one('capped_at is not null').as('capped'),
      one(`rejected_at is null and reversed_at is null and capped_at is null and rewarded_at is null
        and (earned_at is not null or (review_at is not null and approved_at is null))`).as('pending'),
    ])
    .where('referrerCustomerId', '=', customerId)
    .executeTakeFirstOrThrow()
  const { signups, qualified, rewarded, capped, pending } = row
  return {
    signups: Number(signups),
    qualified: Number(qualified),
    rewarded: Number(rewarded),
    capped: Number(capped),
    pending: Number(pending),
  }
}

/** The latest referrals by a customer's own codes; with `referredToo` also the one by which it came itself. */
export function latestOf(
  db: Db,
  programId: string,
  customerId: string,
  { limit, referredToo }: { limit: number; referredToo: boolean },
) {
  return db
    .selectFrom('referrals')
    .selectAll()
    .where('programId', '=', programId)
    .where(eb => eb.or([eb('referrerCustomerId', '=', customerId), ...(referredToo ? [eb('customerId', '=', customerId)] : [])]))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

// The same as rules/referral-state.ts says, for rows that have not been read.
function isIn(eb: ExpressionBuilder<Schema, 'referrals'>, status: ReferralStatus): Expression<SqlBool> {
  const is = (column: Moment) => eb(`referrals.${column}`, 'is not', null)
  const no = (...columns: Moment[]) => eb.and(columns.map(column => eb(`referrals.${column}`, 'is', null)))
  if (status === 'rejected') return is('rejectedAt')
  if (status === 'reversed') return eb.and([is('reversedAt'), no('rejectedAt')])
  if (status === 'capped') return eb.and([is('cappedAt'), no('rejectedAt', 'reversedAt')])
  if (status === 'rewarded') return eb.and([is('rewardedAt'), no('rejectedAt', 'reversedAt', 'cappedAt')])
  const open = no('rejectedAt', 'reversedAt', 'cappedAt', 'rewardedAt')
  const waits = eb.and([is('reviewAt'), no('approvedAt')])
  if (status === 'review') return eb.and([open, waits])
  const qualified = eb.or([is('qualifiedAt'), is('earnedAt')])
  return eb.and([open, eb.not(waits), status === 'qualified' ? qualified : no('qualifiedAt', 'earnedAt')])
}

type Moment = 'reviewAt' | 'approvedAt' | 'rejectedAt' | 'reversedAt' | 'cappedAt' | 'rewardedAt' | 'qualifiedAt' | 'earnedAt'
