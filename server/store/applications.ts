import type { Insertable, Selectable } from 'kysely'
import type { Db, Schema } from './schema.ts'
import { holds } from './search.ts'

export type Application = Selectable<Schema['applications']>

/** Adds an application; undefined where the address has applied before. */
export function insert(db: Db, application: Insertable<Schema['applications']>) {
  return db
    .insertInto('applications')
    .values(application)
    .onConflict(on => on.columns(['programId', 'emailFold']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function byId(db: Db, programId: string, id: string) {
  return db.selectFrom('applications').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

export function byEmail(db: Db, programId: string, emailFold: string) {
  return db
    .selectFrom('applications')
    .selectAll()
    .where('programId', '=', programId)
    .where('emailFold', '=', emailFold)
    .executeTakeFirst()
}

export function byToken(db: Db, programId: string, tokenHash: string) {
  return db
    .selectFrom('applications')
    .selectAll()
    .where('programId', '=', programId)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

type Decision = {
  id: string
  decision: 'approved' | 'rejected'
  decidedAt: string
  decidedBy: string
  rejectionReason: string | null
}

/** Decides once: two reviewers may press at the same time, so that nobody has decided yet is part of the condition. */
export function decide(db: Db, { id, ...decision }: Decision) {
  return db
    .updateTable('applications')
    .set(decision)
    .where('id', '=', id)
    .where('decision', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

export function setPartner(db: Db, id: string, partnerId: string) {
  return db.updateTable('applications').set({ partnerId }).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

type Wanted = {
  status?: 'pending' | 'approved' | 'rejected' | undefined
  search?: string | undefined
  limit: number
  offset: number
}

export async function page(db: Db, programId: string, { status, search, limit, offset }: Wanted) {
  let query = db.selectFrom('applications').where('programId', '=', programId)
  if (status === 'pending') query = query.where('decision', 'is', null)
  else if (status) query = query.where('decision', '=', status)
  if (search)
    query = query.where(eb =>
      eb.or([holds('emailFold', search, { isFolded: true }), holds('name', search), holds('company', search)]),
    )
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const data = await query.selectAll().orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).execute()
  return { data, total: Number(total) }
}
