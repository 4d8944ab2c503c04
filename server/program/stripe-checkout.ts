import type { StripeSession } from '../contract/stripe.ts'
import { countsFromOf } from '../rules/attribution.ts'
import { codesIn, paidBySession, refIn, textIn } from '../rules/stripe.ts'
import { creditEarlier } from './conversions.ts'
import { named } from './payments.ts'
import { attributeHeld } from './referrals.ts'
import { codeAmong, customerOf, settleChurn } from './stripe-customers.ts'
import { type About, iso } from './stripe-event.ts'
import { tellPaid, withOwn } from './stripe-invoices.ts'

/**
 * A checkout is over: its customer is bound to whoever brought it, and where it was paid without an invoice that is a
 * payment. What was paid before this became known earns what it should have.
 */
export async function checkedOut({ desk, db, program, event }: About, session: StripeSession) {
  const { id, customer: stripeId, customer_details: person, metadata, client_reference_id: reference } = session
  const email = person?.email ?? session.customer_email
  const who = { stripeId, metadata: [metadata], reference, otherwise: id, email }
  const customer = await customerOf(desk, db, program, who)

  const code = await codeAmong(db, program, withOwn([metadata], codesIn(session.discounts ?? [])))
  const began = iso(Math.min(session.created ?? event.created, event.created))
  const found = { ...refIn(session), ...(code && { code }), countsFrom: countsFromOf(began) }
  const result = await attributeHeld(desk, db, program, customer, found)
  if ('referral' in result) await creditEarlier(desk, db, program, result.referral)

  const { invoice, payment_intent: intent } = session
  const names = [invoice, intent].filter(each => each !== null)
  if (names.length) {
    const externalId = await named(desk, db, program, { names, cause: event.id })
    const isPaid = session.payment_status === 'paid' && (session.amount_total ?? 0) > 0
    // Its invoice is told of by itself.
    if (!invoice && isPaid && session.currency) {
      const { currency } = session
      const productId = textIn(metadata, 'productId')
      const toldAt = iso(event.created)
      await tellPaid({ desk, db, program }, customer, {
        ...paidBySession(session),
        externalId,
        currency,
        productId,
        code,
        toldAt,
      })
    }
  }
  await settleChurn(db, program, customer.id)
}
