import { inTransaction } from '../store/database.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import * as portal from '../store/portal.ts'
import type { Program } from '../store/programs.ts'
import type { Desk } from './desk.ts'
import { hashed, randomText } from './ids.ts'
import { settleIn } from './portal-sign-in.ts'

const HOUR_MS = 3_600_000
const LINK_MS = 24 * HOUR_MS
/** Unused for as long, a session is over. */
const IDLE_MS = 7 * 24 * HOUR_MS
/** However much it is used, a session is over after this. */
export const SESSION_MS = 30 * 24 * HOUR_MS
// What has run out is kept a week longer, so that its page can say so and name the programme.
const KEPT_MS = 7 * 24 * HOUR_MS

/** Without a partner: a session that is over. Its programme is still known. */
export type Visitor = { program: Program; partner?: Partner & { customerId: string } }
/** `mailed`: whom a mailed link was sent to, and the hash of what the browser that asked for it keeps. */
export type Looked =
  | { at: 'open' | 'gone'; program: Program; partnerId: string; mailed: { email: string; browser: string } | null }
  | { at: 'unknown' }

// Links and sessions live by the real clock, as tokens do: a program's test clock makes nobody's session run out.
const later = (desk: Desk, ms: number) => new Date(desk.clock().getTime() + ms).toISOString()

/** A new link for a partner, good for one visit within 24 hours. Its code is returned here and nowhere else. */
export async function newLink(desk: Desk, program: Program, partner: Partner) {
  const code = randomText(32)
  const link = {
    hash: hashed(code),
    programId: program.id,
    partnerId: partner.id,
    createdAt: later(desk, 0),
    expiresAt: later(desk, LINK_MS),
  }
  await inTransaction(desk.database, db => portal.addLink(db, link, later(desk, -KEPT_MS)))
  return { code, expiresAt: link.expiresAt }
}

/** Whether a link may still be used, and whose it is. Looking does not use it up. */
export async function look(desk: Desk, code: string): Promise<Looked> {
  const link = await portal.link(desk.database.db, hashed(code))
  const program = link && (await programOf(desk, link))
  if (!program) return { at: 'unknown' }
  const isGone = link.usedAt || link.expiresAt <= later(desk, 0)
  const { partnerId, browser } = link
  const partner = browser === null ? undefined : await partners.byId(desk.database.db, program.id, partnerId)
  const mailed = browser !== null && partner ? { email: partner.email, browser } : null
  return { at: isGone ? 'gone' : 'open', program, partnerId, mailed }
}

/**
 * Uses a link up and begins a session, which ends the one that the same browser had before. Undefined where the link
 * was used, has run out, or is none; of many who come at once one gets in.
 */
export async function redeem(desk: Desk, code: string, previous: string | undefined) {
  const token = randomText(32)
  const { programs } = await desk.directory.current()
  const now = later(desk, 0)
  return inTransaction(desk.database, async db => {
    const link = await portal.useLink(db, hashed(code), now)
    const partner = link && (await partners.byId(db, link.programId, link.partnerId))
    const program = link && programs.get(link.programId)
    if (!partner || !program || partner.deactivatedAt) return undefined
    if (link.browser !== null) await settleIn(desk, db, program, partner)
    if (previous) await portal.endSession(db, hashed(previous), now)
    const session = { hash: hashed(token), programId: link.programId, partnerId: link.partnerId, createdAt: now }
    const ends = { expiresAt: later(desk, IDLE_MS), endsAt: later(desk, SESSION_MS) }
    await portal.beginSession(db, { ...session, ...ends }, later(desk, -KEPT_MS))
    return token
  })
}

/** Whom a portal session lets in: nobody where it has ended, has run out, or its partner has been deactivated. */
export async function visitor(desk: Desk, token: string): Promise<Visitor | undefined> {
  const { db } = desk.database
  const session = await portal.session(db, hashed(token))
  const program = session && (await programOf(desk, session))
  if (!program) return undefined
  if (session.endedAt || session.expiresAt <= later(desk, 0)) return { program }
  const partner = await partners.byId(db, session.programId, session.partnerId)
  if (!partner?.customerId || partner.deactivatedAt) return { program }
  return { program, partner: { ...partner, customerId: partner.customerId } }
}

/** A session that is being used lasts seven days from now, but no longer than thirty in all. */
export async function keepAlive(desk: Desk, token: string) {
  const session = await portal.session(desk.database.db, hashed(token))
  if (!session) return
  const wanted = later(desk, IDLE_MS)
  const expiresAt = wanted < session.endsAt ? wanted : session.endsAt
  // Written down at most once an hour.
  if (Date.parse(expiresAt) - Date.parse(session.expiresAt) < HOUR_MS) return
  await inTransaction(desk.database, db => portal.extendSession(db, session.hash, expiresAt))
}

/** The session lets nobody in any more. */
export function signOut(desk: Desk, token: string) {
  return inTransaction(desk.database, db => portal.endSession(db, hashed(token), later(desk, 0)))
}

function programOf(desk: Desk, { programId }: { programId: string }) {
  return desk.directory.program(programId)
}
