import type { NewReferral, NoReferralReason } from '../contract/referrals.ts'
import { expiresAt, parseRef, winner } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import { dayOf } from '../rules/period.ts'
import { termsFor } from '../rules/terms.ts'
import * as clicks from '../store/clicks.ts'
import * as codes from '../store/codes.ts'
import * as counts from '../store/counts.ts'
import type { Customer } from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import type { Referral } from '../store/referrals.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { ensureHeld } from './customers.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'

export type Attribution = { referral: Referral; customer: Customer; made: boolean } | { reason: NoReferralReason }

/**
 * Binds a customer to the code that brought it, once and for ever: asked again, the first referral is returned. A
 * referral keeps the terms of the moment it was made in. Nothing to attribute is an answer, not an error.
 */
export function attribute(desk: Desk, program: Program, wanted: NewReferral): Promise<Attribution> {
  return inTransaction(desk.database, async db => {
    const customer = await ensureHeld(desk, db, program, wanted)
    const bound = await referrals.ofCustomer(db, program.id, customer.id)
    if (bound) return { referral: bound, customer, made: false }
    const found = await source(desk, db, program, wanted)
    if ('reason' in found) return found
    return bind(desk, db, program, { customer, ...found, campaign: wanted.campaign || found.campaign })
  })
}

/** A coupon at the till: binds a customer that nothing has bound before, in the transaction of its payment. */
export async function attributeByCoupon(
  desk: Desk,
  db: Db,
  program: Program,
  { customer, code }: { customer: Customer; code: string },
) {
  const found = await byCode(db, program, code)
  if ('reason' in found) return undefined
  const result = await bind(desk, db, program, { customer, ...found, campaign: null })
  return result.referral
}

type Source = { code: string; partnerId: string | null; ratePpm: number | null; clickId: string | null; campaign: string | null }

async function bind(desk: Desk, db: Db, program: Program, { customer, ...source }: Source & { customer: Customer }) {
  const now = nowIn(desk, program)
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
  })
  if (!referral) {
    const first = await referrals.ofCustomer(db, program.id, customer.id)
    if (!first) throw new Error('A referral was refused for one that is not there')
    return { referral: first, customer, made: false }
  }
  if (source.partnerId) {
    const day = dayOf(now, program.settings.timeZone)
    await counts.add(db, 'signups', { programId: program.id, partnerId: source.partnerId, day })
  }
  return { referral, customer, made: true }
}

/** What a signup is credited to: a code that was typed, or the click that counts of those that are named. */
async function source(desk: Desk, db: Db, program: Program, wanted: NewReferral): Promise<Source | { reason: NoReferralReason }> {
  const { couponBeatsClick } = program.settings
  const hasClick = !!wanted.ref?.trim() || !!wanted.clickId?.trim()
  if (wanted.code?.trim() && (couponBeatsClick || !hasClick)) return byCode(db, program, wanted.code.trim())
  if (hasClick) {
    const clicked = await byClick(desk, db, program, wanted)
    if (!('reason' in clicked) || !wanted.code?.trim()) return clicked
  }
  return wanted.code?.trim() ? byCode(db, program, wanted.code.trim()) : { reason: 'nothing_given' }
}

async function byClick(
  desk: Desk,
  db: Db,
  program: Program,
  wanted: NewReferral,
): Promise<Source | { reason: NoReferralReason }> {
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
  if (known.length) return { reason: 'expired' }
  // The post that told of the click may have been blocked. The cookie runs out by itself, so its code is believed.
  return ref ? byCode(db, program, ref.code) : { reason: 'unknown_click' }
}

async function byCode(db: Db, program: Program, code: string): Promise<Source | { reason: NoReferralReason }> {
  const found = await codes.find(db, program.id, code)
  if (!found) return { reason: 'unknown_code' }
  if (found.retiredAt) return { reason: 'retired_code' }
  if (found.partnerDeactivatedAt) return { reason: 'inactive_partner' }
  return { code: found.code, partnerId: found.partnerId, ratePpm: found.ratePpm, clickId: null, campaign: null }
}
