import type { Told } from '../rules/mail/kinds.ts'
import { accountOf, detailsOf, paidOtherwise } from '../rules/pay-to.ts'
import { monthOf } from '../rules/period.ts'
import * as facts from '../store/mail-facts.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { News } from './announce.ts'
import type { Desk } from './desk.ts'
import { masked, once, post, postUnasked } from './mails.ts'

/** What events tell that mails tell as well: see news.ts. */
type Data = {
  email: string
  application: { email: string; reason: string | null }
  affiliate: { code: string }
  amount: number
  currency: string
  availableAt: string
  conversionId: string | null
  status: string
  remaining: number
  reason: string
  method: string | null
  reference: string | null
  period: string
  amounts: { amount: number; currency: string }[]
}

/**
 * Queues what is told by mail of what is announced, in the transaction of both. A partner is written to at the address
 * that it goes by; an applicant at the one that was typed.
 */
export async function mailOf(desk: Desk, db: Db, program: Program, news: News) {
  const data = news.data as Data
  if (news.event === 'application.created') {
    // Who is approved at once hears of that alone.
    if (program.settings.autoApprove) return
    return postUnasked(desk, db, program, 'application_received', { to: data.email, about: news.object })
  }
  if (news.event === 'partner_application_rejected') {
    const { email, reason } = data.application
    return post(desk, db, program, { kind: 'application_rejected', facts: { reason } }, { to: email, about: news.object })
  }
  if (news.event === 'endpoint.disabled') {
    return endpointDisabled(desk, db, program, { ...(news.data as Stopped), partnerId: null })
  }
  if (news.partnerId === null) return
  const told = await toldTo(db, program, { ...news, partnerId: news.partnerId })
  const partner = told && (await partners.byId(db, program.id, news.partnerId))
  if (partner) await post(desk, db, program, told.told, { to: partner.email, about: told.about })
}

type Heard = News & { partnerId: string }

/** What a partner is told, and what it is about. */
async function toldTo(db: Db, program: Program, news: Heard): Promise<{ told: Told; about: string } | undefined> {
  const { event, object } = news
  const data = news.data as Data
  if (event === 'partner_application_approved')
    return { told: { kind: 'application_approved', facts: { code: data.affiliate.code } }, about: object }
  if (event === 'commission.created') return first(db, news)
  if (event === 'commission.reversed') {
    const { amount, currency, remaining, reason } = data
    const changed = { amount: Math.abs(amount), currency, remaining, reason }
    const kind = amount > 0 ? ('commission_reversed' as const) : ('commission_restored' as const)
    return { told: { kind, facts: changed }, about: `${object}:${await facts.told(db, { programId: program.id, object })}` }
  }
  if (event === 'payout.completed') {
    const { amount, currency, method, reference } = data
    return { told: { kind: 'payout_sent', facts: { amount, currency, method, reference } }, about: object }
  }
  if (event === 'payout.failed') {
    const { amount, currency, reason } = data
    return { told: { kind: 'payout_failed', facts: { amount, currency, reason } }, about: object }
  }
  if (event === 'commission.calculated') return statement(db, program, news)
  return undefined
}

async function first(db: Db, { object, partnerId, data }: Heard) {
  const { amount, currency, availableAt, conversionId, status } = data as Data
  if (amount <= 0 || conversionId === null || status === 'held') return undefined
  if (await facts.hasOtherCommission(db, { partnerId, id: object })) return undefined
  return { told: { kind: 'first_commission' as const, facts: { amount, currency, availableAt } }, about: partnerId }
}

const DAY_MS = 86_400_000

async function statement(db: Db, program: Program, { partnerId, object, data }: Heard) {
  const { period, amounts } = data as Data
  const begins = Date.parse(`${period}-01T00:00:00Z`)
  // A day more on both sides, because the month is the program's.
  const from = new Date(begins - DAY_MS).toISOString()
  const to = new Date(begins + 33 * DAY_MS).toISOString()
  const paid = new Map<string, number>()
  for (const { amount, currency, paidAt } of await facts.paidBetween(db, { partnerId, from, to })) {
    if (paidAt && monthOf(new Date(paidAt), program.settings.timeZone) === period)
      paid.set(currency, (paid.get(currency) ?? 0) + amount)
  }
  const counted = await facts.monthOf(db, { programId: program.id, partnerId, month: period })
  const { clicks, signups, conversions: sales } = counted
  const figures = { period, earned: amounts, paid: [...paid].map(([currency, amount]) => ({ amount, currency })) }
  return { told: { kind: 'monthly_statement' as const, facts: { ...figures, clicks, signups, sales } }, about: object }
}

type Stopped = { id: string; url: string; reason: 'gone' | 'failing'; disabledAt: string }

/** Tells the owner of a webhook that it was switched off: the partner, or of the program's own the admins. */
export async function endpointDisabled(desk: Desk, db: Db, program: Program, stopped: Stopped & { partnerId: string | null }) {
  const { id, reason: why, disabledAt: at, partnerId } = stopped
  const { origin, pathname } = new URL(stopped.url)
  // What stands behind the path may be what lets somebody in.
  const told: Told = { kind: 'endpoint_disabled', facts: { url: origin + pathname, why, at, own: partnerId !== null } }
  const owner = partnerId === null ? undefined : await partners.byId(db, program.id, partnerId)
  const addresses = partnerId === null ? (await facts.admins(db)).map(each => each.email) : [owner?.email ?? null]
  for (const to of once(addresses)) await post(desk, db, program, told, { to, about: `${id}:${at}:${to}` })
}

/** Tells of another address or another way to be paid, at the addresses from before as well as those from now on. */
export async function detailsChanged(
  desk: Desk,
  db: Db,
  program: Program,
  { before, after }: { before: Partner; after: Partner },
) {
  if (before.email === after.email && !paidOtherwise(before, after)) return
  const at = desk.clock().toISOString()
  const told: Told = {
    kind: 'payout_details_changed',
    facts: {
      at,
      email: masked(after.email),
      method: after.payoutMethod,
      payoutEmail: after.payoutEmail && masked(after.payoutEmail),
      account: accountOf(detailsOf(after)),
    },
  }
  for (const to of once([before.email, after.email, before.payoutEmail, after.payoutEmail]))
    await post(desk, db, program, told, { to, about: `${after.id}:${at}:${to}` })
}
