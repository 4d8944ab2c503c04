import type { NewReferral, NoReferralReason } from '../contract/referrals.ts'
import { countsFromOf, expiresAt, parseRef, winner } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import { dayOf } from '../rules/period.ts'
import { rewardTermsFor } from '../rules/reward.ts'
import { termsFor } from '../rules/terms.ts'
import * as clicks from '../store/clicks.ts'
import * as codes from '../store/codes.ts'
import * as counts from '../store/counts.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { ensureHeld } from './customers.ts'
import { holderOf } from './deals.ts'
import { clicksKeptSince, type Desk, nowIn } from './desk.ts'
import { suspect } from './fraud.ts'
import { clickMadeAt, newId } from './ids.ts'
import { referralCreated } from './news.ts'
import { begin } from './rewards.ts'

export type Attribution = { referral: Referral; customer: Customer; made: boolean } | { reason: NoReferralReason }

/**
 * Binds a customer to the code that brought it, once and for ever: asked again, the first referral is returned. A
 * referral keeps the terms of the moment it was made in. Where neither code nor click leads to anybody, the partner that
 * registered the customer as a lead gets it. Nothing to attribute is an answer, not an error.
 */
export function attribute(desk: Desk, program: Program, wanted: NewReferral): Promise<Attribution> {
  return inTransaction(desk.database, async db => {
    const customer = await ensureHeld(desk, db, program, wanted)
    return attributeHeld(desk, db, program, customer, wanted)
  })
}

type Wanted = Omit<NewReferral, 'customerId'> & { countsFrom?: string }

/** The same for a customer whom the caller's transaction holds. Of what Stripe tells, payments before `countsFrom` do not count. */
export async function attributeHeld(
  desk: Desk,
  db: Db,
  program: Program,
  customer: Customer,
  wanted: Wanted,
): Promise<Attribution> {
  const bound = await referrals.ofCustomer(db, program.id, customer.id)
  if (bound) return { referral: bound, customer, made: false }
  const named = await source(desk, db, program, wanted)
  const found = 'reason' in named ? ((await byDeal(db, program, customer)) ?? named) : named
  if ('reason' in found) return found
  const { countsFrom = null } = wanted
  return bind(desk, db, program, { customer, ...found, campaign: wanted.campaign || found.campaign, countsFrom })
}

/** A coupon at the till: binds a customer that nothing has bound before, in the transaction of its payment. */
export async function attributeByCoupon(
  desk: Desk,
  db: Db,
  program: Program,
  { customer, code, countsFrom }: { customer: Customer; code: string; countsFrom: string | null },
) {
  const found = await byCode(db, program, code)
  if ('reason' in found) return undefined
  const result = await bind(desk, db, program, {
    ...found,
    customer,
    campaign: null,
    countsFrom: countsFrom && countsFromOf(countsFrom),
  })
  return result.referral
}

/** The last resort, at a payment: binds a customer that nothing has bound before to the partner that registered it as a lead. */
export async function attributeByDeal(desk: Desk, db: Db, program: Program, customer: Customer) {
  const found = await byDeal(db, program, customer)
  if (!found) return undefined
  const result = await bind(desk, db, program, { customer, ...found })
  return result.referral
}

type Source = {
  code: string
  partnerId: string | null
  /** The customer whose own code it is. */
  referrerCustomerId?: string | null
  ratePpm: number | null
  clickId: string | null
  campaign: string | null
  countsFrom?: string | null
}

async function bind(desk: Desk, db: Db, program: Program, { customer, ...found }: Source & { customer: Customer }) {
  const now = nowIn(desk, program)
  const source = { ...found, ...(await heirOf(db, program, found)) }
  // Held, so that two who refer each other, or many whom one refers, are looked at one after the other.
  const referrer = source.referrerCustomerId ? await holdAnyId(db, program, source.referrerCustomerId) : null
  const { reasons, holds } = await suspect(db, program, { customer, ...source, referrer, now })
  const promised = referrer && rewardTermsFor(program.settings)
  const isHeld = holds || (!!promised && reasons.length > 0 && program.settings.rewards.review !== 'off')
  const referral = await referrals.bind(db, {
    id: newId('ref', desk.clock()),
    programId: program.id,
    customerId: customer.id,
    partnerId: source.partnerId,
    code: source.code,
    clickId: source.clickId,
    campaign: source.campaign,
    terms: JSON.stringify(termsFor(program.settings, source.ratePpm)),
    createdAt: now.toISOString(),
    referrerCustomerId: referrer?.id ?? null,
    rewardTerms: promised && JSON.stringify(promised),
    reviewReasons: reasons.length ? JSON.stringify(reasons) : null,
    reviewAt: isHeld ? now.toISOString() : null,
    countsFrom: source.countsFrom ?? null,
  })
  if (!referral) {
    const first = await referrals.ofCustomer(db, program.id, customer.id)
    if (!first) throw new Error('A referral was refused for one that is not there')
    return { referral: first, customer, made: false }
  }
  if (source.partnerId) {
    const day = dayOf(now, program.settings.timeZone)
    await counts.add(db, 'signups', { programId: program.id, partnerId: source.partnerId, day, code: referral.code })
  }
  await announce(desk, db, program, referralCreated(referral, customer))
  return { referral: await begin(desk, db, program, referral), customer, made: true }
}

/** Of a partner that has been merged since it was looked up, the one that has its codes by now, with that one's rate. Held. */
async function heirOf(db: Db, program: Program, { partnerId }: Source) {
  const heir = partnerId === null ? undefined : await partners.holdHeir(db, program.id, partnerId)
  return heir && heir.id !== partnerId ? { partnerId: heir.id, ratePpm: heir.ratePpm } : {}
}

/** A customer, held; where it has just been joined into another, that one. */
async function holdAnyId(db: Db, program: Program, id: string) {
  return (await customers.hold(db, id)) ?? (await customers.byAnyId(db, program.id, id)) ?? null
}

/** What a signup is credited to: a code that was typed, or the click that counts of those that are named. */
async function source(desk: Desk, db: Db, program: Program, wanted: Wanted): Promise<Source | { reason: NoReferralReason }> {
  const { couponBeatsClick } = program.settings
  const hasClick = !!wanted.ref?.trim() || !!wanted.clickId?.trim()
  if (wanted.code?.trim() && (couponBeatsClick || !hasClick)) return byCode(db, program, wanted.code.trim())
  if (hasClick) {
    const clicked = await byClick(desk, db, program, wanted)
    if (!('reason' in clicked) || !wanted.code?.trim()) return clicked
  }
  return wanted.code?.trim() ? byCode(db, program, wanted.code.trim()) : { reason: 'nothing_given' }
}

async function byClick(desk: Desk, db: Db, program: Program, wanted: Wanted): Promise<Source | { reason: NoReferralReason }> {
  const now = nowIn(desk, program).toISOString()
  const { attribution, cookieDurationDays } = program.settings
  const ref = wanted.ref?.trim() ? parseRef(wanted.ref) : null
  const ids = [ref?.clickId, wanted.clickId?.trim()].filter(id => id != null && id !== '')
  const known = []
  for (const id of new Set(ids)) {
    const click = await clicks.byId(db, program.id, id as string)
    // A cookie whose parts do not belong together has been written by hand.
    if (click && (!ref || id !== ref.clickId || foldCode(click.code) === foldCode(ref.code))) known.push(click)
  }
  const counting = known.filter(click => expiresAt(click.at, cookieDurationDays) >= now)
  const click = winner(counting, attribution)
  if (click) {
    const found = await byCode(db, program, click.code)
    return 'reason' in found ? found : { ...found, clickId: click.id, campaign: click.campaign }
  }
  if (known.length || isForgotten(desk, program, ref ? ref.clickId : wanted.clickId)) return { reason: 'expired' }
  // The post that told of the click may have been blocked. The cookie runs out by itself, so its code is believed.
  return ref ? byCode(db, program, ref.code) : { reason: 'unknown_click' }
}

/** True for a click that may have been kept, and would have been forgotten since. */
function isForgotten(desk: Desk, program: Program, clickId: string | null | undefined) {
  const madeAt = clickId ? clickMadeAt(clickId.trim()) : null
  const since = clicksKeptSince(desk, program)
  return madeAt !== null && since !== null && new Date(madeAt).toISOString() < since
}

async function byDeal(db: Db, program: Program, customer: Customer): Promise<Source | undefined> {
  const partner = await holderOf(db, program, customer)
  return partner && { code: partner.slug, partnerId: partner.id, ratePpm: partner.ratePpm, clickId: null, campaign: null }
}

async function byCode(db: Db, program: Program, code: string): Promise<Source | { reason: NoReferralReason }> {
  const found = await codes.find(db, program.id, code)
  if (!found) return { reason: 'unknown_code' }
  if (found.retiredAt) return { reason: 'retired_code' }
  if (found.partnerDeactivatedAt) return { reason: 'inactive_partner' }
  const { partnerId, customerId: referrerCustomerId, ratePpm } = found
  return { code: found.code, partnerId, referrerCustomerId, ratePpm, clickId: null, campaign: null }
}
