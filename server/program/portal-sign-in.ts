import { foldEmail } from '../rules/email.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import * as portal from '../store/portal.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { type Desk, nowIn } from './desk.ts'
import { hashed, newId, randomText } from './ids.ts'
import { post } from './mails.ts'
import { partnerUpdated } from './news.ts'
import { sealed } from './sealed.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** For how long a mailed link works. */
export const MAILED_MS = 10 * MINUTE_MS
// What has run out is kept a week longer, so that its page can say so.
const KEPT_MS = 7 * 24 * HOUR_MS
// So many links an address is sent within the hour.
const PER_HOUR = 5
const AT_ONCE = 20

/** `browser`: what the browser keeps from the last time, so that the link of then is known as well. */
type Asked = { programId: string | null; email: string; browser: string | undefined }

/**
 * Keeps that somebody has asked for a link by mail. Whether the address is a partner's is not looked at here, so that
 * neither the answer nor the time that it takes can tell. `programId` is null where the page was nobody's in particular.
 * Returns what the browser keeps, by which the link will know it.
 */
export async function ask(desk: Desk, { programId, email, browser: known }: Asked) {
  const browser = known && /^[1-9A-Za-z]{32}$/.test(known) ? known : randomText(32)
  const now = desk.clock()
  const asked = { id: newId('ask', now), programId, email, emailFold: foldEmail(email), browser: hashed(browser) }
  await inTransaction(desk.database, db => portal.ask(db, { ...asked, createdAt: now.toISOString() }))
  return browser
}

/**
 * Sends those who have asked a link, if they are partners: one for each program in which they are. Each is answered once,
 * however many servers there are. What was asked more than ten minutes ago is left: whoever did has asked again.
 */
export async function answerAsks(desk: Desk) {
  const open = await portal.openAsks(desk.database.db, AT_ONCE)
  for (const asked of open) {
    const { programs } = await desk.directory.current()
    const meant = asked.programId === null ? [...programs.values()] : [programs.get(asked.programId)]
    await inTransaction(desk.database, async db => {
      const now = desk.clock()
      const { emailFold, browser } = asked
      const before = (ms: number) => new Date(now.getTime() - ms).toISOString()
      const known = await portal.asksOf(db, { emailFold, since: before(HOUR_MS) })
      if (!(await portal.answer(db, asked.id, now.toISOString()))) return
      if (known >= PER_HOUR || asked.createdAt <= before(MAILED_MS)) return
      for (const program of meant) {
        const partner = program && (await partners.byEmail(db, program.id, emailFold))
        if (partner && !partner.deactivatedAt) await sendLink(desk, db, program, partner, browser)
      }
    })
  }
}

async function sendLink(desk: Desk, db: Db, program: Program, partner: Partner, browser: string) {
  const now = desk.clock()
  const code = randomText(32)
  const expiresAt = new Date(now.getTime() + MAILED_MS).toISOString()
  const link = {
    hash: hashed(code),
    programId: program.id,
    partnerId: partner.id,
    createdAt: now.toISOString(),
    expiresAt,
    browser,
  }
  await portal.addLink(db, link, new Date(now.getTime() - KEPT_MS).toISOString())
  const id = newId('mail', now)
  const told = { kind: 'portal_link' as const, facts: { sealed: sealed(desk, id, code) } }
  await post(desk, db, program, told, { id, to: partner.email, givesUpAt: expiresAt })
}

/**
 * A partner that has shown its address to be its own needs no more to be let in: it gets a customer, the one whom the host
 * knows by that address or a new one, and is active from now on.
 */
export async function settleIn(desk: Desk, db: Db, program: Program, found: Partner): Promise<Partner> {
  if (found.customerId && found.activatedAt) return found
  const partner = (await partners.hold(db, program.id, found.id)) ?? found
  if (partner.customerId && partner.activatedAt) return partner
  const now = nowIn(desk, program).toISOString()
  const customerId = partner.customerId ?? (await customerOf(desk, db, program, partner, now))
  const after = await partners.update(db, partner.id, { customerId, activatedAt: partner.activatedAt ?? now })
  if (!partner.activatedAt) await announce(desk, db, program, partnerUpdated(after))
  return after
}

async function customerOf(desk: Desk, db: Db, program: Program, { email, emailFold, ...partner }: Partner, now: string) {
  for (const known of await customers.byEmail(db, program.id, emailFold)) {
    if (!(await partners.byCustomer(db, program.id, known.id))) return known.id
  }
  const id = newId('cus', desk.clock())
  const name = [partner.firstName, partner.lastName].filter(Boolean).join(' ') || null
  await customers.insert(db, { id, programId: program.id, externalId: null, email, emailFold, name, createdAt: now })
  return id
}
