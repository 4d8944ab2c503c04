import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PartnerStatus } from '../contract/partners.ts'
import { compiled } from './compiled.ts'
import type { Db, Schema } from './schema.ts'

export type Partner = Selectable<Schema['partners']>

export function byId(db: Db, programId: string, id: string) {
  return db.selectFrom('partners').selectAll().where('programId', '=', programId).where('id', '=', id).executeTakeFirst()
}

/** The same, held until the transaction ends: whoever else would change it waits, and then sees what it has become. */
export function hold(db: Db, programId: string, id: string) {
  return db
    .updateTable('partners')
    .set(({ ref }) => ({ searchText: ref('searchText') }))
    .where('programId', '=', programId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** The same of who a partner has been merged into in the end, or of itself: what is given to it now is given to whom it goes. */
export async function holdHeir(db: Db, programId: string, id: string): Promise<Partner | undefined> {
  const partner = await hold(db, programId, id)
  return partner?.mergedInto ? holdHeir(db, programId, partner.mergedInto) : partner
}

export async function byCustomer(db: Db, programId: string, customerId: string) {
  return (await ofCustomer(db, { programId, customerId }))[0]
}

const ofCustomer = compiled((db, { programId, customerId }: { programId: string; customerId: string }) =>
  db.selectFrom('partners').selectAll().where('programId', '=', programId).where('customerId', '=', customerId),
)

export function byEmail(db: Db, programId: string, emailFold: string) {
  return db
    .selectFrom('partners')
    .selectAll()
    .where('programId', '=', programId)
    .where('emailFold', '=', emailFold)
    .executeTakeFirst()
}

export function insert(db: Db, partner: Insertable<Schema['partners']>) {
  return db.insertInto('partners').values(partner).returningAll().executeTakeFirstOrThrow()
}

export function update(db: Db, id: string, change: Updateable<Schema['partners']>) {
  return db.updateTable('partners').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

type Wanted = { status?: PartnerStatus | undefined; search?: string | undefined; limit: number; offset: number }

/** One page of a program's partners, newest first, with the number of all that match. */
export async function page(db: Db, programId: string, { status, search, limit, offset }: Wanted) {
  let query = db.selectFrom('partners').where('programId', '=', programId)
  if (status === 'deactivated') query = query.where('deactivatedAt', 'is not', null)
  if (status === 'active') query = query.where('deactivatedAt', 'is', null).where('activatedAt', 'is not', null)
  if (status === 'invited') query = query.where('deactivatedAt', 'is', null).where('activatedAt', 'is', null)
  if (search) query = query.where(sql<boolean>`search_text like ${`%${escapeLike(fold(search))}%`} escape '\\'`)
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const data = await query.selectAll().orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).execute()
  return { data, total: Number(total) }
}

/** What `search` looks through: SQLite folds only ASCII by itself, and no database takes é for é written in two characters. */
export function searchText(partner: { email: string; firstName: string | null; lastName: string | null; slug: string }) {
  return fold([partner.email, [partner.firstName, partner.lastName].filter(Boolean).join(' '), partner.slug].join('\n'))
}

export function statusOf(partner: { activatedAt: string | null; deactivatedAt: string | null }): PartnerStatus {
  if (partner.deactivatedAt) return 'deactivated'
  return partner.activatedAt ? 'active' : 'invited'
}

export function nameOf(partner: { firstName: string | null; lastName: string | null; email: string }) {
  return [partner.firstName, partner.lastName].filter(Boolean).join(' ') || partner.email
}

const fold = (text: string) => text.normalize('NFC').toLowerCase()
const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')
