import { Problem } from '../problem.ts'
import { stateOf } from '../rules/referral-state.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { record } from './audit.ts'
import { rejectHeldOf, releaseHeldOf } from './commissions.ts'
import { type Desk, nowIn } from './desk.ts'
import { count } from './referral-counts.ts'
import { settle } from './rewards.ts'

/**
 * Lets a referral that was held for review go on, and what it has earned be granted. A second time nothing changes;
 * 409 for one that is not in review.
 */
export function approve(desk: Desk, program: Program, id: string): Promise<Referral> {
  return inTransaction(desk.database, async db => {
    const held = await waiting(db, program, id, 'approvedAt')
    if (held.approvedAt) return held
    const approved = await referrals.update(db, id, { approvedAt: nowIn(desk, program).toISOString() })
    await record(desk, db, program, {
      action: 'referral.approved',
      object: id,
      before: { status: 'review' },
      after: { status: stateOf(approved) },
    })
    await releaseHeldOf(desk, db, program, id)
    return settle(desk, db, program, approved)
  })
}

/** Ends a referral that was held for review: nobody gets anything for it, ever. A second time nothing changes. */
export function reject(desk: Desk, program: Program, id: string, reason: string | null): Promise<Referral> {
  return inTransaction(desk.database, async db => {
    const held = await waiting(db, program, id, 'rejectedAt')
    if (held.rejectedAt) return held
    const rejectedAt = nowIn(desk, program).toISOString()
    const rejected = await referrals.update(db, id, { rejectedAt, rejectReason: reason })
    await rejectHeldOf(desk, db, program, id)
    await count(db, program, rejected, 'rejected', rejectedAt)
    await record(desk, db, program, {
      action: 'referral.rejected',
      object: id,
      before: { status: 'review' },
      after: { status: 'rejected' },
    })
    return rejected
  })
}

/** The referral, held, if it is in review or has been decided in just this way. */
async function waiting(db: Db, program: Program, id: string, decision: 'approvedAt' | 'rejectedAt') {
  const held = await referrals.hold(db, program.id, id)
  if (!held) throw new Problem('referral_not_found')
  if (!held[decision] && stateOf(held) !== 'review') throw new Problem('referral_not_in_review')
  return held
}
