import type { Step } from '../contract/story.ts'
import { shown } from './commission.ts'
import { because, type Facts, type InPayout, said, when } from './story-facts.ts'

type Dated = { when: string; step: Step }

/** Everything that happened after the booking, with when it became known. */
export function changesOf(facts: Facts): Dated[] {
  return [
    ...refunds(facts),
    ...disputes(facts),
    ...movements(facts),
    ...merges(facts),
    ...decisions(facts),
    ...facts.payouts.flatMap(each => inPayout(facts, each)),
  ]
}

function refunds({ refunds, totals, failures, sale, commission }: Facts): Dated[] {
  const currency = sale?.currency ?? commission.currency
  return [
    ...refunds.map(({ id, externalId, amount, createdAt: at }) => {
      const waited = sale && at < sale.createdAt ? ' It was told of before the payment, and waited for it.' : ''
      const what = externalId.startsWith('twice:')
        ? `The payment had been reported under two names, and counts under the other one (${id}).`
        : `The customer got ${amount === null ? 'back all that was left' : `${shown(amount, currency)} back`} (refund ${externalId}).`
      return dated(at, { step: 'refund', at, object: id, amount, currency, text: `${what}${waited}` })
    }),
    ...totals.map(({ eventId, charge, amount, at }) => {
      const text = `By ${when(at)} the customer had got ${shown(amount, currency)} back in all of charge ${charge} (${eventId}).`
      return dated(at, { step: 'refund_total', at, object: eventId, amount, currency, text })
    }),
    ...failures.map(({ refundExternalId, amount, at }) => {
      const text = `Refund ${refundExternalId} of ${shown(amount, currency)} did not get through, and counts for nothing.`
      return dated(at, { step: 'refund_failed', at, object: refundExternalId, amount, currency, text })
    }),
  ]
}

function disputes({ disputes, sale, commission }: Facts): Dated[] {
  const currency = sale?.currency ?? commission.currency
  return disputes.flatMap(({ externalId, amount, openedAt, closedAt, outcome }) => {
    const own = { object: externalId, amount, currency }
    const opened = `The customer disputed ${shown(amount, currency)} of the payment (dispute ${externalId}).`
    const text =
      outcome === 'lost'
        ? `Dispute ${externalId} was lost: the customer keeps ${shown(amount, currency)}.`
        : `Dispute ${externalId} was decided for the program.`
    return [
      dated(openedAt, { step: 'dispute_opened', at: openedAt, ...own, text: opened }),
      ...(closedAt ? [dated(closedAt, { step: 'dispute_closed', at: closedAt, ...own, text })] : []),
    ]
  })
}

/** What the journal has taken back of it, or given back. */
function movements(facts: Facts): Dated[] {
  const { currency } = facts.commission
  return facts.transactions
    .filter(each => /^commission_(reversed|restored|limited)$/.test(each.kind))
    .map(({ id, key, kind, gained, createdAt: at }) => {
      const what = `${shown(Math.abs(gained), currency)} of the commission was ${gained < 0 ? 'taken' : 'given'} back`
      const text = `${what} at ${when(at)}, ${cause(facts, kind, key)}.`
      return dated(at, { step: 'moved', at, object: facts.commission.id, transactionId: id, amount: gained, currency, text })
    })
}

/** Whose it has become with all that its partner had; the key says from whom and to whom. */
function merges({ commission, transactions }: Facts): Dated[] {
  return transactions
    .filter(each => each.kind === 'partner_merged')
    .map(({ id, key, createdAt: at }) => {
      const [, from, into] = key.split(':')
      const text = `At ${when(at)} what was owed of it went from partner ${from} to partner ${into}, into whom the first was merged.`
      return dated(at, { step: 'moved', at, object: commission.id, transactionId: id, amount: 0, text })
    })
}

// A key is what moved it, between the kind of movement and the commission: `reversed:rfd_1:com_1`.
function cause({ refunds, totals, sale }: Facts, kind: string, key: string) {
  const by = key.slice(key.indexOf(':') + 1, key.lastIndexOf(':'))
  if (kind === 'commission_limited') return `because payment ${by} was made earlier and the limits of the terms count it first`
  const refund = refunds.find(each => each.id === by)
  if (refund) return `because of refund ${refund.externalId}`
  if (by === sale?.id) return 'because of what had been told of the payment before it was reported'
  if (by.startsWith('failed:')) return `because refund ${by.slice('failed:'.length)} did not get through`
  if (by.startsWith('named:')) return 'because payments that were reported under several names are one'
  if (totals.some(each => each.eventId === by)) return `because of what the customer had got back by event ${by}`
  return `because of a dispute (event ${by})`
}

const done = { approve: 'approved early', hold: 'held', release: 'released', reject: 'rejected for good' }

function decisions({ decisions, commission, transactions }: Facts): Dated[] {
  return decisions.map(({ id, act, reason, by, createdAt: at }) => {
    const moved = transactions.find(each => each.key === `decided:${id}`)
    const text = `At ${when(at)} it was ${done[act]} by ${by}${why(act, reason)}.`
    return dated(at, { step: 'decision', at, object: commission.id, transactionId: moved?.id ?? null, text })
  })
}

// What it was held for is over.
function why(act: string, reason: string | null) {
  if (act === 'release' && reason === 'dispute') return ' because the dispute is over'
  if (act === 'release' && reason === 'referral_review') return ' because the referral was approved'
  if (act === 'reject' && reason === 'referral_review') return ' because the referral was rejected'
  return because(reason)
}

function inPayout({ commission, transactions }: Facts, line: InPayout): Dated[] {
  const { currency } = commission
  const { id, amount, settledBefore, createdAt, paidAt, failedAt, reference, failure } = line
  const sum = shown(Math.abs(amount), currency)
  const own = { object: id, amount, currency }
  const booked = (act: string) => transactions.find(each => each.key === `payout_${act}:${id}`)?.id ?? null
  const since = settledBefore === 0 ? '' : `, on top of ${shown(settledBefore, currency)} in payouts before`
  const made = amount < 0 ? `${sum} was taken off payout ${id}${since}.` : `${sum} went into payout ${id}${since}.`
  const steps = [
    dated(createdAt, { step: 'payout_created', at: createdAt, ...own, transactionId: booked('created'), text: made }),
  ]
  if (paidAt) {
    const text = `Payout ${id} was paid at ${when(paidAt)}${reference ? ` (reference ${reference})` : ''}.`
    steps.push(dated(paidAt, { step: 'payout_paid', at: paidAt, ...own, transactionId: booked('paid'), text }))
  }
  if (failedAt) {
    const text = `Payout ${id} failed at ${when(failedAt)}${failure ? ` (“${failure}”)` : ''}, and what was in it may be paid by another.`
    steps.push(dated(failedAt, { step: 'payout_failed', at: failedAt, ...own, transactionId: booked('failed'), text }))
  }
  return steps
}

function dated(when: string, step: Parameters<typeof said>[0]): Dated {
  return { when, step: said(step) }
}
