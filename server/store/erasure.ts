import { sql } from 'kysely'
import * as deliveries from './deliveries.ts'
import type { Db, Schema } from './schema.ts'
import * as sendings from './sendings.ts'

// What is left of a person is a row without one. Keys that must stay unique get a value that no address can have.

type In = { programId: string; id: string }

export function customer(db: Db, { id }: In, externalId: string | null) {
  return db.updateTable('customers').set({ email: null, emailFold: null, name: null, externalId }).where('id', '=', id).execute()
}

/** A partner without name and address; whatever let it in lets nobody in any more, and its codes lead nowhere. */
export async function partner(db: Db, { id }: In, now: string) {
  const email = erased(id)
  const nothing = { firstName: null, lastName: null, company: null, website: null, payoutMethod: null, payoutEmail: null }
  await db
    .updateTable('partners')
    .set({
      ...nothing,
      email,
      emailFold: email.toLowerCase(),
      stripeAccountId: null,
      metadata: null,
      payoutChangedAt: null,
      searchText: '',
    })
    .set(({ fn, val }) => ({ deactivatedAt: fn.coalesce('deactivatedAt', val(now)) }))
    .where('id', '=', id)
    .execute()
  await sendings.forgetDestinations(db, id)
  await db.updateTable('partnerKeys').set({ name: 'erased' }).where('partnerId', '=', id).execute()
  await db.updateTable('partnerKeys').set({ revokedAt: now }).where('partnerId', '=', id).where('revokedAt', 'is', null).execute()
}

/** A partner's own endpoints are told nothing more, and nobody can see any more where they were. */
export async function endpointsOf(db: Db, partnerId: string, now: string) {
  const gone = await db
    .updateTable('webhookEndpoints')
    .set({ url: 'https://erased.invalid/', secret: '', oldSecret: null, oldSecretUntil: null })
    .set(({ fn, val }) => ({ deletedAt: fn.coalesce('deletedAt', val(now)) }))
    .where('partnerId', '=', partnerId)
    .returning('id')
    .execute()
  for (const { id } of gone) await deliveries.giveUp(db, id, now)
}

/** Codes stay taken for ever, but count for nobody; what they were called by their owner goes. */
export function codesOf(db: Db, owner: 'partnerId' | 'customerId', id: string, now: string) {
  return db
    .updateTable('codes')
    .set(({ fn, val }) => ({ label: null, retiredAt: fn.coalesce('retiredAt', val(now)) }))
    .where(owner, '=', id)
    .execute()
}

/** An application without its applicant; one that was waiting waits no more. */
export async function application(db: Db, { id }: In, now: string) {
  const email = erased(id)
  await db
    .updateTable('applications')
    .set({ email, emailFold: email.toLowerCase(), name: 'erased', company: null, website: null, reason: null })
    .set({ answers: '{}', tokenHash: null, rejectionReason: null })
    .where('id', '=', id)
    .execute()
  await db
    .updateTable('applications')
    .set({ decision: 'rejected', decidedAt: now, decidedBy: 'program:erasure' })
    .where('id', '=', id)
    .where('decision', 'is', null)
    .execute()
}

export function deal(db: Db, { id }: In) {
  const leadEmail = erased(id)
  const lead = { leadEmail, leadEmailFold: leadEmail.toLowerCase(), leadName: 'erased', notes: null }
  return db.updateTable('deals').set(lead).where('id', '=', id).execute()
}

/** Mails to an address, and those that speak of it. Returns how many there were. */
export async function mails(db: Db, programId: string, emailFold: string) {
  const pattern = containing(emailFold)
  const gone = await db
    .deleteFrom('mails')
    .where('programId', '=', programId)
    .where(
      sql<boolean>`(lower(recipient) = ${emailFold} or lower(body) like ${pattern} escape '\\' or lower(facts) like ${pattern} escape '\\' or lower(subject) like ${pattern} escape '\\')`,
    )
    .returning('id')
    .execute()
  return gone.length
}

/** Mails about somebody, by their id, to whatever address. Returns how many there were. */
export async function mailsAbout(db: Db, programId: string, id: string) {
  const gone = await db
    .deleteFrom('mails')
    .where('programId', '=', programId)
    .where(sql<boolean>`natural_key like ${containing(id)} escape '\\'`)
    .returning('id')
    .execute()
  return gone.length
}

/** That somebody has asked to be let into the portal, whether as a partner or not. */
export async function asks(db: Db, emailFold: string) {
  await db.deleteFrom('portalAsks').where('emailFold', '=', emailFold).execute()
}

type Traces = { programId: string; emails: string[]; names: string[]; objects: string[] }

/** Events that tell of a person: of what was theirs, or with their address or full name in them. */
export function eventsAbout(db: Db, { programId, emails, names, objects }: Traces) {
  return db
    .selectFrom('events')
    .select(['id', 'event', 'sequence', 'createdAt'])
    .where('programId', '=', programId)
    .where(eb =>
      eb.or([
        ...(objects.length ? [eb('object', 'in', objects)] : []),
        ...emails.map(each => sql<boolean>`lower(body) like ${containing(each)} escape '\\'`),
        ...names.map(each => sql<boolean>`body like ${containing(inJson(each))} escape '\\'`),
      ]),
    )
    .execute()
}

/** Puts another body in an event's place, and forgets what endpoints answered to the one before. */
export async function event(db: Db, id: string, body: string) {
  await db.updateTable('events').set({ body }).where('id', '=', id).execute()
  await db
    .updateTable('deliveryAttempts')
    .set({ excerpt: null })
    .where('deliveryId', 'in', eb => eb.selectFrom('deliveries').select('id').where('eventId', '=', id))
    .execute()
}

export function reply(db: Db, id: string, reply: string) {
  return db.updateTable('conversions').set({ reply }).where('id', '=', id).execute()
}

// What people type about other people.
const remarks = [
  ['commissions', 'heldReason'],
  ['referrals', 'rejectReason'],
  ['payouts', 'reference'],
  ['payouts', 'failure'],
  ['payoutSendings', 'destination'],
  ['payoutSendings', 'detail'],
  ['payoutAttempts', 'reason'],
  ['partners', 'payoutEmail'],
] as const satisfies (readonly [keyof Schema, string])[]

/** Empties remarks in which an address stands. */
export async function remarksOn(db: Db, programId: string, emailFold: string) {
  for (const [table, column] of remarks) {
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = null
      where program_id = ${programId} and lower(${sql.ref(column)}) like ${containing(emailFold)} escape '\\'`.execute(db)
  }
}

const erased = (id: string) => `erased-${id}@invalid`
const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
