import type { Erased, Person } from '../contract/people.ts'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import { inTransaction } from '../store/database.ts'
import * as erasure from '../store/erasure.ts'
import * as journal from '../store/journal.ts'
import { statusOf } from '../store/partners.ts'
import * as people from '../store/people.ts'
import * as portal from '../store/portal.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { markOf, record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'

/** Everything that a program holds on whoever goes by an address; 404 where that is nothing. */
export async function held(desk: Desk, program: Program, email: string): Promise<Person> {
  const { db } = desk.database
  const emailFold = foldEmail(email)
  const found = await people.find(db, program.id, { email, emailFold })
  if (!found) throw new Problem('person_not_found')
  const now = nowIn(desk, program).toISOString()
  const customers: Person['customers'] = []
  for (const { id, externalId, email, name, createdAt } of found.customers)
    customers.push({ id, customerId: externalId, email, name, createdAt, ...(await people.ofCustomer(db, program.id, id)) })
  const partners: Person['partners'] = []
  for (const partner of found.partners) {
    const { id, createdAt, email, firstName, lastName, company, website, payoutMethod, payoutEmail, metadata } = partner
    partners.push({
      ...{ id, createdAt, email, firstName, lastName, company, website, payoutMethod, payoutEmail },
      metadata: metadata === null ? null : JSON.parse(metadata),
      status: statusOf(partner),
      balances: await journal.balances(db, id, now),
      ...(await people.ofPartner(db, id)),
    })
  }
  return {
    email: emailFold,
    customers,
    partners,
    applications: found.applications.map(({ id, createdAt, email, name, company, website, reason, ...rest }) => ({
      ...{ id, createdAt, email, name, company, website, reason },
      answers: JSON.parse(rest.answers),
      status: rest.decision ?? 'pending',
      rejectionReason: rest.rejectionReason,
    })),
    deals: found.deals.map(({ id, createdAt, partnerId, leadEmail, leadName, notes }) => ({
      ...{ id, createdAt, partnerId, leadEmail, leadName, notes },
    })),
    mails: found.mails,
  }
}

/**
 * Takes a person out of all that a program holds, in one transaction. The rows stay, and with them every amount; nobody
 * can be found in them by address or name. A partner is deactivated, and its sessions and keys end. What was told of
 * the person in events is replaced, mails are deleted. 404 where nothing is held, as after the first time.
 */
export function erase(desk: Desk, program: Program, email: string): Promise<Erased> {
  return inTransaction(desk.database, async db => {
    const emailFold = foldEmail(email)
    const seen = await people.find(db, program.id, { email, emailFold })
    if (seen) await people.hold(db, seen)
    // Somebody else may have erased them, or changed something of theirs, until now.
    const found = await people.find(db, program.id, { email, emailFold })
    if (!found) throw new Problem('person_not_found')
    const now = nowIn(desk, program).toISOString()
    const emails = addressesOf(found, emailFold)
    const done = await forget(db, program, found, { emails, now, real: desk.clock().toISOString() })
    await record(desk, db, program, { action: 'person.erased', object: markOf(desk, emailFold), after: done })
    return done
  })
}

type Then = { emails: string[]; now: string; real: string }

async function forget(db: Db, program: Program, found: people.Held, { emails, now, real }: Then): Promise<Erased> {
  // First, while it is still known who is meant.
  const events = await erasure.eventsAbout(db, { programId: program.id, emails, names: namesOf(found), objects: idsOf(found) })
  for (const { id, event, sequence, createdAt } of events) {
    const body = JSON.stringify({ id, event, created_at: createdAt, data: { erased: true, sequence } })
    await erasure.event(db, id, body)
  }
  for (const one of found.customers) {
    await erasure.customer(db, one, await withoutAddress(db, one, emails))
    await erasure.codesOf(db, 'customerId', one.id, now)
  }
  for (const one of found.partners) {
    await erasure.partner(db, one, now)
    await erasure.codesOf(db, 'partnerId', one.id, now)
    await portal.endAllOf(db, one.id, real)
    await erasure.endpointsOf(db, one.id, real)
  }
  for (const one of found.applications) await erasure.application(db, one, now)
  for (const one of found.deals) await erasure.deal(db, one)
  let mails = 0
  for (const one of found.partners) mails += await erasure.mailsAbout(db, program.id, one.id)
  for (const email of emails) {
    mails += await erasure.mails(db, program.id, email)
    await erasure.asks(db, email)
    await erasure.remarksOn(db, program.id, email)
  }
  const { customers, partners, applications, deals } = found
  return {
    customers: customers.length,
    partners: partners.length,
    applications: applications.length,
    deals: deals.length,
    mails,
    events: events.length,
  }
}

/** The host's own id stays, by which its payments are known, unless it is an address. */
async function withoutAddress(db: Db, { id, programId, externalId }: people.Held['customers'][number], emails: string[]) {
  if (externalId === null || !emails.some(email => externalId.toLowerCase().includes(email))) return externalId
  const instead = `erased-${id}`
  for (const conversion of await people.repliesOf(db, programId, id)) {
    const reply = { ...JSON.parse(conversion.reply), customerId: instead }
    await erasure.reply(db, conversion.id, JSON.stringify(reply))
  }
  return instead
}

/** The address that was named, and others that the same person goes by. */
function addressesOf({ customers, partners, applications }: people.Held, emailFold: string) {
  const others = [...customers, ...partners, ...applications].map(each => each.emailFold)
  return [...new Set([emailFold, ...others])].filter(each => each !== null)
}

function namesOf({ customers, partners, applications, deals }: people.Held) {
  const names = [
    ...[...customers, ...applications].map(each => each.name),
    ...partners.map(each => [each.firstName, each.lastName].filter(Boolean).join(' ')),
    ...deals.map(each => each.leadName),
  ]
  // A short one, or a first name alone, stands in what is about somebody else.
  return [...new Set(names)].filter(name => name !== null && name.length >= 5 && name.includes(' ')) as string[]
}

const idsOf = ({ customers, partners, applications, deals }: people.Held) =>
  [...customers, ...partners, ...applications, ...deals].map(each => each.id)
