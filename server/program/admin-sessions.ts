import * as sessions from '../store/admin-sessions.ts'
import { inTransaction } from '../store/database.ts'
import { secondFactor } from './admin-totp.ts'
import { whoKnows } from './admins.ts'
import type { Desk } from './desk.ts'
import { hashed, newId, randomText } from './ids.ts'

const MINUTE_MS = 60_000
/** For how long a session lasts at most. */
export const SESSION_MS = 12 * 60 * MINUTE_MS
/** After how long without use the console's is over. */
export const IDLE_MS = 2 * 60 * MINUTE_MS

type Login = { email: string; password: string; code?: string | undefined }

/**
 * A session for whoever knows the password, and has the second factor where one is set up. For the console it is known by
 * the `cookie`, of which only a hash is kept; otherwise its id goes into a token.
 */
export async function login(
  desk: Desk,
  { code, ...known }: Login,
  { agent, isConsole }: { agent: string | null; isConsole: boolean },
) {
  const { id: adminId } = await whoKnows(desk, known)
  const now = desk.clock()
  const cookie = isConsole ? randomText(43) : null
  const session = {
    id: newId('ses', now),
    adminId,
    createdAt: now.toISOString(),
    seenAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + SESSION_MS).toISOString(),
    tokenHash: cookie && hashed(cookie),
    agent,
  }
  await inTransaction(desk.database, async db => {
    await secondFactor(desk, db, adminId, code)
    await sessions.begin(db, session)
  })
  return { ...session, cookie }
}

/** The session that a token or a cookie names, if it is open; to the minute it is remembered that it was used. */
export async function current(desk: Desk, named: { id: string } | { cookie: string }) {
  const now = desk.clock()
  const { db } = desk.database
  const which = 'id' in named ? named : { tokenHash: hashed(named.cookie), usedSince: before(now, IDLE_MS) }
  const session = await sessions.open(db, which, now.toISOString())
  if (session && (session.seenAt ?? '') <= before(now, MINUTE_MS))
    await inTransaction(desk.database, db => sessions.seen(db, session.id, now.toISOString()))
  return session
}

/** The sessions of an admin that are open. */
export function list(desk: Desk, adminId: string) {
  const now = desk.clock()
  return sessions.openOf(desk.database.db, adminId, { now: now.toISOString(), usedSince: before(now, IDLE_MS) })
}

/** The session stops working at once. */
export function logout(desk: Desk, sessionId: string) {
  return inTransaction(desk.database, db => sessions.end(db, sessionId, desk.clock().toISOString()))
}

/** Ends one of an admin's own sessions; false where there is none such. */
export function endOne(desk: Desk, session: { adminId: string; id: string }) {
  return inTransaction(desk.database, db => sessions.endOf(db, session, desk.clock().toISOString()))
}

/** Ends all of an admin's sessions but the one that asks. Says how many. */
export function endOthers(desk: Desk, { adminId, sessionId }: { adminId: string; sessionId: string }) {
  return inTransaction(desk.database, db => sessions.endAllOf(db, adminId, { but: sessionId, at: desk.clock().toISOString() }))
}

const before = (now: Date, ms: number) => new Date(now.getTime() - ms).toISOString()
