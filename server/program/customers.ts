import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { partnerUpdated } from './news.ts'

type Named = { customerId: string; email?: string | null | undefined; name?: string | null | undefined }

/** What the host says of its customer is so from now on. */
export function name(desk: Desk, program: Program, named: Named) {
  return inTransaction(desk.database, db => ensure(desk, db, program, named))
}

/**
 * The customer of a host's id, made if it is new. An address that the host gives is believed: where an applicant of the
 * same address was approved before the host named its customer, the two become one, and so does the partner they are.
 */
export async function ensure(desk: Desk, db: Db, program: Program, { customerId, email, name }: Named): Promise<Customer> {
  const now = nowIn(desk, program).toISOString()
  const known = await customers.byAnyId(db, program.id, customerId)
  const emailFold = email ? foldEmail(email) : null
  const unnamed = emailFold
    ? (await customers.byEmail(db, program.id, emailFold)).find(each => each.externalId === null && each.id !== known?.id)
    : undefined

  const customer =
    known ??
    (await add(desk, db, program, { customerId, email: email ?? null, emailFold, name: name ?? unnamed?.name ?? null, now }))
  const change = {
    ...(email && email !== customer.email && { email, emailFold }),
    ...(name && name !== customer.name && { name }),
  }
  if (Object.keys(change).length) await customers.update(db, customer.id, change)
  if (unnamed) await joinIfOne(db, program, { from: unnamed, into: customer })
  if (emailFold) await link(db, program, { customerId: customer.id, emailFold })
  await activate(desk, db, program, customer.id)
  return { ...customer, ...change }
}

/**
 * The same, held until the transaction ends: for whoever goes on to write what is the customer's own. A request that
 * would join the customer into another waits until then.
 */
export async function ensureHeld(desk: Desk, db: Db, program: Program, named: Named): Promise<Customer> {
  for (;;) {
    const { id } = await ensure(desk, db, program, named)
    const held = await customers.hold(db, id)
    // Nobody there: it has been joined since it was looked up, and is found under the other from now on.
    if (held) return held
  }
}

async function add(
  desk: Desk,
  db: Db,
  program: Program,
  named: { customerId: string; email: string | null; emailFold: string | null; name: string | null; now: string },
) {
  const { customerId, now, ...rest } = named
  const customer = { id: newId('cus', desk.clock()), programId: program.id, externalId: customerId, ...rest, createdAt: now }
  if (await customers.insert(db, customer)) return customer
  const winner = await customers.byAnyId(db, program.id, customerId)
  if (!winner) throw new Problem('customer_exists')
  return winner
}

/** Two records of one person become one, unless both have a life of their own that cannot be in one place. */
async function joinIfOne(db: Db, program: Program, { from, into }: { from: Customer; into: Customer }) {
  if (!(await customers.hold(db, from.id))) return
  const bothPartners =
    (await partners.byCustomer(db, program.id, from.id)) && (await partners.byCustomer(db, program.id, into.id))
  const bothReferred =
    (await referrals.ofCustomer(db, program.id, from.id)) && (await referrals.ofCustomer(db, program.id, into.id))
  if (bothPartners || bothReferred) return
  await customers.join(db, { programId: program.id, from: from.id, into: into.id })
}

/**
 * A customer who was known by nothing but Stripe's id turns out to be one of the host's: all that was its own is the other's.
 * Whoever goes by an id of the host's already is left alone.
 */
export async function joinStripes(db: Db, program: Program, { from, into }: { from: string; into: Customer }) {
  const known = await customers.hold(db, from)
  if (known?.externalId && isStripes(known.externalId) && known.id !== into.id)
    await joinIfOne(db, program, { from: known, into })
}

/** True for an id that Stripe has given to a customer, or to a checkout in which there was none. */
export function isStripes(externalId: string) {
  return /^(cus|gcus|cs)_/.test(externalId)
}

/** A partner that was entered by address alone belongs to the customer of that address. */
async function link(db: Db, program: Program, { customerId, emailFold }: { customerId: string; emailFold: string }) {
  const found = await partners.byEmail(db, program.id, emailFold)
  if (!found || found.customerId) return
  // Two requests may come to this point for one partner, or for one customer. The second sees what the first has done.
  await customers.hold(db, customerId)
  const partner = await partners.hold(db, program.id, found.id)
  if (!partner || partner.customerId || (await partners.byCustomer(db, program.id, customerId))) return
  await partners.update(db, partner.id, { customerId })
}

/** An invited partner is active from the moment its customer is seen. */
async function activate(desk: Desk, db: Db, program: Program, customerId: string) {
  const found = await partners.byCustomer(db, program.id, customerId)
  if (!found || found.activatedAt || found.deactivatedAt) return
  const partner = await partners.hold(db, program.id, found.id)
  if (!partner || partner.activatedAt || partner.deactivatedAt) return
  const active = await partners.update(db, partner.id, { activatedAt: nowIn(desk, program).toISOString() })
  await announce(desk, db, program, partnerUpdated(active))
}
