import { toPpm } from '../contract/money.ts'
import type { NewPartner, PartnerChange } from '../contract/partners.ts'
import { Problem } from '../problem.ts'
import { foldCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import { keptDetails } from '../rules/pay-to.ts'
import * as codes from '../store/codes.ts'
import { inTransaction, isTaken } from '../store/database.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import * as portal from '../store/portal.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { detailsChanged } from './mail-news.ts'
import { partnerUpdated } from './news.ts'

/** An invited partner with its first code, the slug. 409 where the address or the slug is taken. */
export function create(desk: Desk, program: Program, wanted: NewPartner): Promise<Partner> {
  const now = nowIn(desk, program).toISOString()
  return refusingTakenEmail(() =>
    inTransactionOnce(desk, db =>
      add(desk, db, program, {
        email: wanted.email,
        slug: wanted.slug,
        firstName: wanted.first_name ?? null,
        lastName: wanted.last_name ?? null,
        company: null,
        website: null,
        customerId: null,
        ratePpm: wanted.commission_pct == null ? null : toPpm(wanted.commission_pct),
        payoutMethod: wanted.payout_method ?? null,
        payoutEmail: wanted.payout_email ?? null,
        metadata: wanted.metadata ? JSON.stringify(wanted.metadata) : null,
        createdAt: now,
        activatedAt: null,
      }),
    ),
  )
}

type Person = Pick<
  Partner,
  | 'email'
  | 'slug'
  | 'firstName'
  | 'lastName'
  | 'company'
  | 'website'
  | 'customerId'
  | 'ratePpm'
  | 'payoutMethod'
  | 'payoutEmail'
  | 'metadata'
  | 'createdAt'
  | 'activatedAt'
>

/** Adds a partner and takes its code, in the caller's transaction. */
export async function add(desk: Desk, db: Db, program: Program, person: Person): Promise<Partner> {
  const partner = await partners.insert(db, {
    ...person,
    id: newId('par', desk.clock()),
    programId: program.id,
    emailFold: foldEmail(person.email),
    searchText: partners.searchText(person),
    stripeAccountId: null,
    deactivatedAt: null,
  })
  const taken = await codes.take(db, {
    programId: program.id,
    code: person.slug,
    partnerId: partner.id,
    customerId: null,
    label: null,
    createdAt: person.createdAt,
  })
  if (!taken) throw new Problem('code_taken')
  await record(desk, db, program, { action: 'partner.created', object: partner.id, after: partner })
  return partner
}

/**
 * Changes what is named. A new slug becomes the code that is shown, and the old one goes on counting for the same
 * partner. `deactivated` ends sessions and attribution at once; `active` brings them back without back-pay. One that has
 * been merged stays deactivated and goes by its slug: 409; the rest of it may change, as where to pay what it was paid out.
 */
export function change(desk: Desk, program: Program, id: string, wanted: PartnerChange): Promise<Partner> {
  const now = nowIn(desk, program).toISOString()
  return refusingTakenEmail(() =>
    inTransaction(desk.database, async db => {
      const partner = await partners.hold(db, program.id, id)
      if (!partner) throw new Problem('partner_not_found')
      const revives = wanted.status !== undefined && wanted.status !== 'deactivated'
      const renames = wanted.slug !== undefined && wanted.slug !== partner.slug
      if (partner.mergedInto && (revives || renames)) throw new Problem('partner_is_merged')
      if (wanted.slug !== undefined && foldCode(wanted.slug) !== foldCode(partner.slug))
        await takeOrOwn(db, program, partner, wanted.slug, now)
      if (wanted.status === 'deactivated') await portal.endAllOf(db, partner.id, desk.clock().toISOString())
      const next = { ...partner, ...fields(partner, wanted), ...(wanted.status && stateOf(partner, wanted.status, now)) }
      const after = await partners.update(db, id, { ...next, searchText: partners.searchText(next) })
      const action = after.deactivatedAt && !partner.deactivatedAt ? 'partner.deactivated' : 'partner.updated'
      await record(desk, db, program, { action, object: id, before: partner, after })
      if (JSON.stringify(after) !== JSON.stringify(partner)) await announce(desk, db, program, partnerUpdated(after))
      await detailsChanged(desk, db, program, { before: partner, after })
      return after
    }),
  )
}

/** Says which of Stripe's connected accounts a partner is paid to; null takes it away. What is being sent goes where it was going. */
export function setStripeAccount(desk: Desk, program: Program, id: string, stripeAccountId: string | null): Promise<Partner> {
  return inTransaction(desk.database, async db => {
    const partner = await partners.hold(db, program.id, id)
    if (!partner) throw new Problem('partner_not_found')
    if (partner.stripeAccountId === stripeAccountId) return partner
    const after = await partners.update(db, id, { ...partner, stripeAccountId })
    await record(desk, db, program, { action: 'partner.updated', object: id, before: partner, after })
    await detailsChanged(desk, db, program, { before: partner, after })
    return after
  })
}

/** Stops a partner for good reason and for as long as nobody makes it active again; what it earned stays its own. */
export function deactivate(desk: Desk, program: Program, id: string) {
  return change(desk, program, id, { status: 'deactivated' })
}

async function takeOrOwn(db: Db, program: Program, partner: Partner, slug: string, now: string) {
  const taken = await codes.take(db, {
    programId: program.id,
    code: slug,
    partnerId: partner.id,
    customerId: null,
    label: null,
    createdAt: now,
  })
  if (taken) return
  const known = await codes.find(db, program.id, slug)
  if (known?.partnerId !== partner.id || known.retiredAt) throw new Problem('code_taken')
}

function fields(partner: Partner, wanted: PartnerChange) {
  return {
    ...(wanted.email !== undefined && { email: wanted.email, emailFold: foldEmail(wanted.email) }),
    ...(wanted.slug !== undefined && { slug: wanted.slug }),
    ...(wanted.first_name !== undefined && { firstName: wanted.first_name }),
    ...(wanted.last_name !== undefined && { lastName: wanted.last_name }),
    ...(wanted.commission_pct !== undefined && { ratePpm: wanted.commission_pct === null ? null : toPpm(wanted.commission_pct) }),
    ...(wanted.payout_method !== undefined && { payoutMethod: wanted.payout_method }),
    ...(wanted.payout_email !== undefined && { payoutEmail: wanted.payout_email }),
    ...(wanted.metadata !== undefined && { metadata: notes(partner, wanted.metadata) }),
  }
}

// The accounts that a partner has named itself stay beside the host's notes, until the host names others.
function notes({ payoutChangedAt, metadata }: Partner, wanted: Record<string, unknown> | null) {
  const kept = payoutChangedAt === null ? wanted : keptDetails(metadata, wanted)
  return kept && JSON.stringify(kept)
}

function stateOf(partner: Partner, status: 'invited' | 'active' | 'deactivated', now: string) {
  if (status === 'deactivated') return { deactivatedAt: partner.deactivatedAt ?? now }
  return { deactivatedAt: null, activatedAt: status === 'active' ? (partner.activatedAt ?? now) : null }
}

async function refusingTakenEmail<T>(work: () => Promise<T>) {
  try {
    return await work()
  } catch (error) {
    if (isTaken(error, 'email_fold')) throw new Problem('email_taken')
    throw error
  }
}
