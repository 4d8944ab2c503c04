import { foldEmail } from '../rules/email.ts'
import { textIn } from '../rules/stripe.ts'
import * as codes from '../store/codes.ts'
import * as conversions from '../store/conversions.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import * as stripe from '../store/stripe.ts'
import { creditEarlier } from './conversions.ts'
import { ensureHeld, joinStripes } from './customers.ts'
import type { Desk } from './desk.ts'

type Who = {
  /** Stripe's id, where there is one. */
  stripeId: string | null
  /** The host's own id, where Stripe has been told of it: in metadata, or by a reference that is a customer's here. */
  metadata: (Record<string, unknown> | null | undefined)[]
  reference?: string | null
  /** What it goes by where nothing else is known. */
  otherwise: string
  /** As the customer typed it at the till: it says who may have brought it, and lets nobody in. */
  email?: string | null | undefined
}

/**
 * Whose a payment is, held until the transaction ends: the host's customer where Stripe has been told of its id, otherwise
 * one that goes by Stripe's. Once both are known they are one, and what was told of either is of the one.
 */
export async function customerOf(desk: Desk, db: Db, program: Program, who: Who): Promise<Customer> {
  const { stripeId, email } = who
  // First of all, so that what is told of one of Stripe's customers passes one at a time.
  const known = stripeId ? await stripe.holdCustomer(db, program.id, stripeId) : undefined
  const own = await hostsIdOf(db, program, who)
  const before = known?.customerId ? await customers.byAnyId(db, program.id, known.customerId) : undefined
  const customerId = own ?? before?.externalId ?? before?.id ?? stripeId ?? who.otherwise
  const customer = await ensureHeld(desk, db, program, { customerId })
  if (stripeId && known?.customerId !== customer.id) {
    await stripe.updateCustomer(db, program.id, stripeId, { customerId: customer.id })
    if (before) await join(desk, db, program, { from: before.id, into: customer })
  }
  const typed = email ? emailOf(email) : null
  return customer.email || !typed ? customer : { ...customer, email: typed, emailFold: foldEmail(typed) }
}

/** Two are one, and what Stripe has told of the one is earned by whoever brought the other. */
async function join(desk: Desk, db: Db, program: Program, { from, into }: { from: string; into: Customer }) {
  const told = await conversions.uncredited(db, program.id, from)
  await joinStripes(db, program, { from, into })
  const referral = await referrals.ofCustomer(db, program.id, into.id)
  if (referral) await creditEarlier(desk, db, program, referral, told)
}

async function hostsIdOf(db: Db, program: Program, { metadata, reference }: Who) {
  for (const each of metadata) {
    const id = textIn(each, 'customerId') ?? textIn(each, 'customer_id')
    if (id) return id
  }
  const named = reference?.trim()
  return named && named.length <= 255 && (await customers.byAnyId(db, program.id, named)) ? named : null
}

/** The first of what a discount is called that is a code here. */
export async function codeAmong(db: Db, program: Program, { promotionIds, words }: { promotionIds: string[]; words: string[] }) {
  const known = await stripe.codesOf(db, program.id, promotionIds)
  for (const word of [...words, ...known]) if (word.length <= 64 && (await codes.find(db, program.id, word))) return word
  return null
}

/** A subscription has ended: whoever has paid nothing since is a customer no more. */
export async function ended(db: Db, program: Program, stripeId: string, at: string) {
  const known = await stripe.holdCustomer(db, program.id, stripeId)
  if (known.endedAt === null || known.endedAt < at) await stripe.updateCustomer(db, program.id, stripeId, { endedAt: at })
  const customer = known.customerId ? await customers.byAnyId(db, program.id, known.customerId) : undefined
  if (customer) await settleChurn(db, program, customer.id)
}

/** A referral has ended where its customer's last subscription has, and nothing was paid after that; it goes on with the next payment. */
export async function settleChurn(db: Db, program: Program, customerId: string) {
  const referral = await referrals.ofCustomer(db, program.id, customerId)
  if (!referral) return
  const ids = [customerId, ...(await customers.joinedInto(db, program.id, customerId))]
  const endedAt = await stripe.endedAt(db, program.id, ids)
  const paidAt = await conversions.lastPaidAt(db, program.id, customerId)
  const churnedAt = endedAt !== null && (paidAt === null || paidAt <= endedAt) ? endedAt : null
  if (churnedAt !== referral.churnedAt) await referrals.update(db, referral.id, { churnedAt })
}

function emailOf(text: string) {
  const email = text.trim()
  return email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : null
}
