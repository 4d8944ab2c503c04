import { sql } from 'kysely'
import type { Partner } from './partners.ts'
import type { Db } from './schema.ts'

export type Held = NonNullable<Awaited<ReturnType<typeof find>>>

/**
 * What a program holds on whoever goes by an address: as customer, also where the host uses the address as its id, as
 * partner, as applicant, as somebody's lead, and as receiver of mail. A partner and its customer are one person, and so are
 * accounts of a partner that were merged.
 * Undefined where there is nothing.
 */
export async function find(db: Db, programId: string, { email, emailFold }: { email: string; emailFold: string }) {
  const all = db.selectFrom('customers').selectAll().where('programId', '=', programId)
  const byAddress = await all
    .where(eb => eb.or([eb('emailFold', '=', emailFold), eb('externalId', 'in', [email, emailFold])]))
    .orderBy('id')
    .execute()
  const ids = byAddress.map(each => each.id)
  const named = await db
    .selectFrom('partners')
    .selectAll()
    .where('programId', '=', programId)
    .where(eb => eb.or([eb('emailFold', '=', emailFold), ...(ids.length ? [eb('customerId', 'in', ids)] : [])]))
    .execute()
  const partners = await withMerged(db, programId, named)
  const others = partners.map(each => each.customerId).filter(id => id !== null && !ids.includes(id)) as string[]
  const customers = others.length ? [...byAddress, ...(await all.where('id', 'in', others).execute())] : byAddress
  const partnerIds = partners.map(each => each.id)
  const applications = await db
    .selectFrom('applications')
    .selectAll()
    .where('programId', '=', programId)
    .where(eb => eb.or([eb('emailFold', '=', emailFold), ...(partnerIds.length ? [eb('partnerId', 'in', partnerIds)] : [])]))
    .orderBy('id')
    .execute()
  const deals = await db
    .selectFrom('deals')
    .selectAll()
    .where('programId', '=', programId)
    .where('leadEmailFold', '=', emailFold)
    .execute()
  const mails = await db
    .selectFrom('mails')
    .select(['id', 'kind', 'subject', 'createdAt', 'sentAt'])
    .where('programId', '=', programId)
    .where(({ fn, or, eb }) => or([eb('recipient', '=', email), eb(fn<string>('lower', ['recipient']), '=', emailFold)]))
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  if (!customers.length && !partners.length && !applications.length && !deals.length && !mails.length) return undefined
  return { customers, partners, applications, deals, mails }
}

/** The same and all that were merged into one of them, or that one of them was merged into; by their ids. */
async function withMerged(db: Db, programId: string, partners: Partner[]) {
  const all = new Map(partners.map(each => [each.id, each]))
  for (let known = 0; known < all.size; ) {
    known = all.size
    const into = [...all.values()].map(each => each.mergedInto).filter(id => id !== null)
    const more = await db
      .selectFrom('partners')
      .selectAll()
      .where('programId', '=', programId)
      .where(eb => eb.or([eb('mergedInto', 'in', [...all.keys()]), ...(into.length ? [eb('id', 'in', into)] : [])]))
      .execute()
    for (const each of more) all.set(each.id, each)
  }
  return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What belongs to one customer. */
export async function ofCustomer(db: Db, programId: string, customerId: string) {
  const aliases = await db
    .selectFrom('customerAliases')
    .select('alias')
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .orderBy('alias')
    .execute()
  const codes = await db.selectFrom('codes').select('code').where('customerId', '=', customerId).orderBy('code').execute()
  const holders = [customerId, ...aliases.map(each => each.alias)]
  const credits = await db
    .selectFrom('creditEntries')
    .select(({ fn }) => fn.sum<number | null>('credits').as('sum'))
    .where('programId', '=', programId)
    .where('customerId', 'in', holders)
    .executeTakeFirst()
  const referral = await db
    .selectFrom('referrals')
    .select(['id', 'createdAt', 'code', 'campaign', 'partnerId'])
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .executeTakeFirst()
  const conversions = await db
    .selectFrom('conversions')
    .select(['id', 'createdAt', 'externalId', 'amount', 'currency', 'occurredAt'])
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .orderBy('id')
    .execute()
  return {
    aliases: aliases.map(each => each.alias),
    codes: codes.map(each => each.code),
    credits: Number(credits?.sum ?? 0),
    referral: referral ?? null,
    conversions,
  }
}

/** What belongs to one partner. */
export async function ofPartner(db: Db, partnerId: string) {
  const codes = await db
    .selectFrom('codes')
    .select(['code', 'label', 'createdAt', 'retiredAt'])
    .where('partnerId', '=', partnerId)
    .orderBy('createdAt')
    .orderBy('codeFold')
    .execute()
  const payouts = await db
    .selectFrom('payouts')
    .select(['id', 'createdAt', 'amount', 'currency', 'reference', 'paidAt'])
    .where('partnerId', '=', partnerId)
    .orderBy('id')
    .execute()
  return { codes, payouts }
}

/** Payments of a customer, with the answers that were given to them. */
export function repliesOf(db: Db, programId: string, customerId: string) {
  return db
    .selectFrom('conversions')
    .select(['id', 'reply'])
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .execute()
}

/** Holds, in one order for everybody, those that are about to be erased. */
export async function hold(db: Db, { customers, partners, applications, deals }: Held) {
  for (const { id } of customers) await sql`update customers set name = name where id = ${id}`.execute(db)
  for (const { id } of partners) await sql`update partners set search_text = search_text where id = ${id}`.execute(db)
  for (const { id } of applications) await sql`update applications set name = name where id = ${id}`.execute(db)
  for (const { id } of deals) await sql`update deals set lead_name = lead_name where id = ${id}`.execute(db)
}
