import type { BulkReviewed, BulkReview as Wanted } from '../contract/console.ts'
import { Problem } from '../problem.ts'
import * as applications from '../store/applications.ts'
import type { Program } from '../store/programs.ts'
import { review } from './applications.ts'
import type { Desk } from './desk.ts'
import { withKey } from './idempotency.ts'

/**
 * Decides several applications the same way, each for itself: one that cannot be decided keeps no other from it. Any number of
 * times with the same result: one that was decided so before counts as done.
 */
export async function reviewAll(
  desk: Desk,
  program: Program,
  { ids, action, rejectionReason, decidedBy }: Wanted & { decidedBy: string },
) {
  const done: BulkReviewed['data'] = []
  for (const id of new Set(ids)) {
    const decision = action === 'approve' ? ({ action } as const) : { action, rejectionReason }
    try {
      // Each is kept from being done twice by its own state, and so by no key.
      const { application } = await withKey(null, () => review(desk, program, id, { ...decision, decidedBy }))
      done.push({ id, ok: true, status: application.decision ?? 'pending', partnerId: application.partnerId })
    } catch (error) {
      // Anything else is no answer to one row: what is done already stays done, and asking again goes on.
      if (!(error instanceof Problem)) throw error
      done.push(await undecided(desk, program, id, { action, error }))
    }
  }
  return done
}

type Refused = { action: Wanted['action']; error: Problem }

async function undecided(
  desk: Desk,
  program: Program,
  id: string,
  { action, error }: Refused,
): Promise<BulkReviewed['data'][number]> {
  const known = error.code === 'already_reviewed' ? await applications.byId(desk.database.db, program.id, id) : undefined
  const isSame = known?.decision === (action === 'approve' ? 'approved' : 'rejected')
  if (known?.decision && isSame) return { id, ok: true, status: known.decision, partnerId: known.partnerId }
  return { id, ok: false, code: error.code, detail: error.body().title }
}
