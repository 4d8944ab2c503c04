import { dayOf } from '../rules/period.ts'
import type { Program } from '../store/programs.ts'
import * as days from '../store/referral-days.ts'
import type { Referral } from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'

/** Counts what became of a referral on the day, in the program's own calendar, of the moment at which it did. */
export function count(db: Db, program: Program, { campaign }: Referral, step: days.Step, at: string, amount = 1) {
  const day = dayOf(new Date(at), program.settings.timeZone)
  return days.add(db, { programId: program.id, day, campaign }, step, amount)
}
