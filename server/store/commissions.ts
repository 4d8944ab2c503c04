import type { Insertable, Selectable, Updateable } from 'kysely'
import type { CommissionStatus } from '../contract/affiliate.ts'
import { compiled } from './compiled.ts'
import { readAfter } from './paging.ts'
import type { Db, Schema } from './schema.ts'
import { holds } from './search.ts'

/** A commission, with the moment in which its payout was paid. */
export type Commission = Selectable<Schema['commissions']> & { paidAt: string | null }
export type Change = Updateable<Schema['commissions']>
export type Decision = Selectable<Schema['commissionDecisions']>

export function insert(db: Db, commission: Insertable<Schema['commissions']>) {
  return db.insertInto('commissions').values(commission).execute()
}

export function update(db: Db, id: string, change: Change) {
  return db.updateTable('commissions').set(change).where('id', '=', id).execute()
}

export function byId(db: Db, programId: string, id: string): Promise<Commission | undefined> {
  return all(db).where('commissions.programId', '=', programId).where('commissions.id', '=', id).executeTakeFirst()
}

type Named = { programId: string } & ({ id: string } | { conversionId: string } | { referralId: string })

/** The same, held until the transaction ends: what is decided on them is decided on what they are then. */
export async function hold(db: Db, { programId, ...named }: Named): Promise<Commission[]> {
  const [[name = 'id', value = ''] = []] = Object.entries(named)
  const column = name as 'id' | 'conversionId' | 'referralId'
  await db
    .updateTable('commissions')
    .set(({ ref }) => ({ reversed: ref('reversed') }))
    .where('programId', '=', programId)
    .where(column, '=', value)
    .execute()
  return all(db)
    .where('commissions.programId', '=', programId)
    .where(`commissions.${column}`, '=', value)
    .orderBy('commissions.occurredAt')
    .orderBy('commissions.id')
    .execute()
}

export const latest = compiled((db, { partnerId, limit }: { partnerId: string; limit: number }) =>
  all(db)
    .where('commissions.partnerId', '=', partnerId)
    .orderBy('commissions.occurredAt', 'desc')
    .orderBy('commissions.id', 'desc')
    .limit(limit),
)

/** How many lines a partner has; those that the limits of their terms have emptied are none. */
export async function count(db: Db, partnerId: string) {
  const row = await db
    .selectFrom('commissions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('partnerId', '=', partnerId)
    .where('amount', '!=', 0)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

type Wanted = {
  partnerId?: string | undefined
  status?: CommissionStatus | undefined
  period?: string | undefined
  search?: string | undefined
  now: string
  limit: number
  after: string | null
}

/** A program's commissions, newest first, of one partner, status or period where they are named. */
export function page(db: Db, programId: string, { partnerId, status, period, search, now, limit, after }: Wanted) {
  // Not joined: the order and the cursor are those of the one table.
  let query = db
    .selectFrom('commissions')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('payouts').select('payouts.paidAt').whereRef('payouts.id', '=', 'commissions.payoutId').as('paidAt'),
    )
    .where('programId', '=', programId)
  if (partnerId !== undefined) query = query.where('partnerId', '=', partnerId)
  if (period !== undefined) query = query.where('period', '=', period)
  if (search)
    query = query.where(({ eb, or, selectFrom }) => {
      const partners = selectFrom('partners').select('partners.id').where('partners.programId', '=', programId)
      const conversions = selectFrom('conversions').select('conversions.id').where('conversions.programId', '=', programId)
      return or([
        eb('id', '=', search),
        eb('partnerId', 'in', partners.where(holds('partners.searchText', search, { isFolded: true }))),
        eb('conversionId', 'in', conversions.where('conversions.externalId', '=', search)),
      ])
    })
  if (status !== undefined)
    query = query.where(({ eb, and, or, not, exists, ref, selectFrom, val }) => {
      const paid = exists(
        selectFrom('payouts')
          .select('payouts.id')
          .whereRef('payouts.id', '=', 'commissions.payoutId')
          .where('payouts.paidAt', 'is not', null),
      )
      const rejected = eb('rejectedAt', 'is not', null)
      const reversed = eb('amount', '=', ref('reversed'))
      const held = eb('heldAt', 'is not', null)
      const payable = or([
        eb('availableAt', '<=', now),
        and([eb('approvedAt', 'is not', null), eb('approvedAt', '<=', val(now))]),
      ])
      // One after the other, as the rule asks them.
      const asked = { rejected, paid, reversed, held, approved: payable, pending: not(payable) }
      const order = ['rejected', 'paid', 'reversed', 'held'] as const
      const before = order.slice(0, order.indexOf(status as 'held') < 0 ? order.length : order.indexOf(status as 'held'))
      return and([...before.map(each => not(asked[each])), asked[status]])
    })
  return readAfter(query, { limit, after })
}

export function addDecision(db: Db, decision: Insertable<Schema['commissionDecisions']>) {
  return db.insertInto('commissionDecisions').values(decision).execute()
}

/** What was decided on a commission, oldest first. */
export function decisions(db: Db, commissionId: string): Promise<Decision[]> {
  return db
    .selectFrom('commissionDecisions')
    .selectAll()
    .where('commissionId', '=', commissionId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

function all(db: Db) {
  return db
    .selectFrom('commissions')
    .leftJoin('payouts', 'payouts.id', 'commissions.payoutId')
    .selectAll('commissions')
    .select('payouts.paidAt')
}
