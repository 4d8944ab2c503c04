import { isOpen } from '../rules/dispute.ts'
import { givenBack } from '../rules/given-back.ts'
import { dayOf } from '../rules/period.ts'
import { reversed } from '../rules/reversal.ts'
import * as commissions from '../store/commissions.ts'
import type { Conversion } from '../store/conversions.ts'
import * as conversions from '../store/conversions.ts'
import * as counts from '../store/counts.ts'
import * as facts from '../store/payment-facts.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { DISPUTE, decideDisputed, move } from './commissions.ts'
import { type Desk, nowIn } from './desk.ts'
import { restoreReward, reverseReward } from './rewards.ts'

/** What has become known: the journal's entries say it, and so does whoever is told of them. */
export type Cause = {
  /** The same cause moves the same commission once. */
  key: string
  reason: 'refund' | 'refund_failed' | 'dispute_lost' | 'dispute_won'
}

export type Reversal = { commissionId: string; partnerId: string; amount: number; currency: string }

/**
 * Makes of all that is known of a payment what follows from it, in the caller's transaction, which holds the payment: what
 * is taken back of its commissions, whether they wait for a dispute, what became of its referral's reward, and the
 * revenue. Whatever has come before, and in which order, the result is the same. Returns what was taken back now; below
 * zero where it was given back.
 */
export async function recount(desk: Desk, db: Db, program: Program, sale: Conversion, cause: Cause): Promise<Reversal[]> {
  // Before the commissions, as whoever books a payment does.
  const referral = sale.referralId ? await referrals.hold(db, program.id, sale.referralId) : undefined
  const known = await facts.ofSale(db, sale)
  const refunded = givenBack(known)
  const paid = sale.amount - sale.discount
  if (referral) await settleReferral(desk, db, program, referral)

  const reversals: Reversal[] = []
  const isDisputed = known.disputes.some(isOpen)
  for (const before of await commissions.hold(db, { programId: program.id, conversionId: sale.id })) {
    let commission = before
    const { id: commissionId, partnerId, currency } = commission
    const total = reversed({ earned: commission.amount, paid, refunded })
    const amount = total - commission.reversed
    if (amount !== 0) {
      reversals.push({ commissionId, partnerId, amount, currency })
      const kind = amount > 0 ? 'commission_reversed' : 'commission_restored'
      const key = `${amount > 0 ? 'reversed' : 'restored'}:${cause.key}:${commissionId}`
      commission = await move(desk, db, program, commission, { key, kind, reason: cause.reason, reversed: total })
    }
    // What is in a payout goes its way; if the dispute is lost, it is taken from the next.
    const mayHold = !commission.heldAt && !commission.rejectedAt && commission.payoutId === null
    if (isDisputed && mayHold) await decideDisputed(desk, db, program, commission, 'hold')
    if (!isDisputed && commission.heldReason === DISPUTE) await decideDisputed(desk, db, program, commission, 'release')
  }

  // Last, as a payment does: two that count a day's money in another order would wait for each other.
  const lost = reversed({ earned: sale.amount - sale.tax - sale.discount, paid, refunded })
  if (sale.partnerId && lost !== sale.lost) {
    await conversions.update(db, sale.id, { lost })
    const day = dayOf(new Date(sale.occurredAt), program.settings.timeZone)
    await counts.addRevenue(db, { programId: program.id, day, currency: sale.currency, amount: sale.lost - lost })
  }
  return reversals
}

/** A customer who has got everything back is no referral any more, and is one again where some of it did not get through. */
async function settleReferral(desk: Desk, db: Db, program: Program, referral: Referral) {
  const now = nowIn(desk, program).toISOString()
  if (await isAllGivenBack(db, program, referral.id)) {
    const taken = await reverseReward(desk, db, program, referral)
    const isPartners = !taken && !referral.rewardTerms && referral.qualifiedAt && !referral.reversedAt
    if (isPartners) await referrals.update(db, referral.id, { reversedAt: now })
    return
  }
  // What was promised for a first payment does not come back by a later one.
  if (!referral.reversedAt || (await isAllGivenBack(db, program, referral.id, referral.reversedAt))) return
  if (referral.rewardTerms) await restoreReward(desk, db, program, referral)
  else await referrals.update(db, referral.id, { reversedAt: null })
}

/** True where every payment of a referral's customer, or every one that was known at a moment, has been given back whole. */
async function isAllGivenBack(db: Db, program: Program, referralId: string, at?: string) {
  for (const sale of await conversions.ofReferral(db, program.id, referralId)) {
    const paid = sale.amount - sale.discount
    if (paid - sale.tax <= 0 || (at !== undefined && sale.createdAt > at)) continue
    const total = givenBack(await facts.ofSale(db, sale))
    if (total !== null && total < paid) return false
  }
  return true
}
