import { keptSince } from '../rules/attribution.ts'
import type { ClickWriter } from '../store/clicks.ts'
import type { Database } from '../store/database.ts'
import type { Directory } from '../store/directory.ts'
import type { Program } from '../store/programs.ts'
import type { Passwords } from './password.ts'

/** What every act needs: the database, the clock, and what the installation has been told. */
export type Desk = {
  database: Database
  directory: Directory
  clicks: ClickWriter
  clock(): Date
  secret: string
  keyPrefix: string
  /** What the documented signature's header is called where a program has not chosen another name. */
  signatureHeader: string
  /** How long clicks are kept at least, in days; 0 for ever. */
  clickRetentionDays: number
  /** Lets webhooks go to http and to this machine and its network. */
  allowPrivateWebhooks: boolean
  /** Another address than the payout providers' own, on this machine, and how long a call to them may take. */
  payoutProviders: { url: string | null; timeoutMs: number }
  passwords: Passwords
}

/** The time it is in a program: the clock's own, or in test mode the one that the program has been set to. */
export function nowIn(desk: Desk, program: Program) {
  return new Date(desk.clock().getTime() + program.clockOffsetMs)
}

/**
 * Since when a program's clicks are certainly kept; null for ever. By the clock outside, too, where a test program's is ahead
 * of it: browsers put that one into the ids of clicks.
 */
export function clicksKeptSince(desk: Desk, program: Program) {
  const now = Math.min(nowIn(desk, program).getTime(), desk.clock().getTime())
  const { cookieDurationDays } = program.settings
  return keptSince(new Date(now), { retentionDays: desk.clickRetentionDays, cookieDurationDays })
}
