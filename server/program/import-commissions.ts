import { shown } from '../rules/commission.ts'
import { availableAt, isPending } from '../rules/holding.ts'
import { fingerprintOf, type NewCommission } from '../rules/import-rows.ts'
import { sourceNames } from '../rules/import-vendors.ts'
import { monthOf } from '../rules/period.ts'
import { movement, worth } from '../rules/standing.ts'
import type { KnownCommission, KnownPartner, KnownReferral } from '../store/import-known.ts'
import { earnerOf } from './commissions.ts'
import { payElsewhere } from './import-paid.ts'
import { add, customerOf, dayIn, idOf, name, type Plan, partnerOf, refuse, type Told } from './import-plan.ts'
import { heirOf } from './import-world.ts'

/** How a commission is held that its source had stopped, or was about to pay. */
export const HELD_THERE = 'import: '

/**
 * Books a commission as it stood where it comes from: what was paid there as paid, what was not as what may be paid here. One
 * that is here already follows what has become of it there.
 */
export function planCommission(plan: Plan, row: NewCommission): Told[] {
  const partner = partnerOf(plan, row.owner)
  if (!partner) return [refuse('commission', 'partner_unknown', 'The partner is not here. Import the partners first.')]
  const says = fingerprintOf(row)
  const named = plan.w.commissionByName.get(row.key)
  const known = named && plan.w.commissions.get(named.objectId)
  if (!named || !known) return [made(plan, row, partner, says)]
  if (named.fingerprint === says) return [{ noun: 'commission', outcome: 'unchanged', id: known.id }]
  return [changed(plan, row, { known, partner, says })]
}

function made(plan: Plan, row: NewCommission, partner: KnownPartner, says: string): Told {
  const { program, now, writes, w, source } = plan
  const customer = customerOf(plan, row.customer)
  const bound = customer && w.referrals.get(customer.id)
  const referral = bound?.partnerId === partner.id ? bound : undefined
  const sale =
    row.sale && referral ? saleOf(plan, row, { customerId: referral.customerId, referralId: referral.id, partner }) : null
  if (sale === 'taken')
    return refuse('commission', 'sale_taken', `The partner has earned a commission by the sale ${row.sale?.externalId} here.`)
  const { timeZone } = program.settings
  const month = monthOf(new Date(row.occurredAt), timeZone)
  // Before the program was there nobody has been told what a month came to.
  const isPast = month < monthOf(new Date(program.createdAt), timeZone)
  const createdAt = isPast ? row.occurredAt : now
  const commission: KnownCommission = {
    ...{ id: idOf(plan, 'com'), programId: program.id, partnerId: partner.id, referralId: referral?.id ?? null },
    ...{ conversionId: sale, period: month, amount: row.amount, currency: row.currency, productId: null },
    why: JSON.stringify({ kind: 'adjustment', note: noteOf(plan, row), imported: source }),
    occurredAt: row.occurredAt,
    availableAt: from(plan, row),
    createdAt,
    ...{ earnedBy: null, payoutId: null, reversed: 0, approvedAt: null, releasedAt: null, settled: 0, paidOut: 0, paidAt: null },
    heldAt: row.state === 'held' ? createdAt : null,
    heldReason: row.state === 'held' ? `${HELD_THERE}${row.word}` : null,
    rejectedAt: row.state === 'rejected' ? createdAt : null,
  }
  if (referral && row.state !== 'rejected') paidFirst(plan, referral, row.occurredAt)
  if (row.state === 'held') decide(plan, commission, 'hold', createdAt, `${HELD_THERE}${row.word}`)
  if (row.state === 'rejected') decide(plan, commission, 'reject', createdAt, `${HELD_THERE}${row.word}`)
  const earned = worth(commission)
  if (earned !== 0) {
    add(writes.sums.earned, [partner.id, dayIn(plan, row.occurredAt), row.currency], earned)
    if (commission.referralId !== null) add(writes.sums.codeEarned, [commission.referralId, row.currency], earned)
    // Hashed by nobody and read by people: the source's own id tells where it came from.
    post(plan, commission, null, { key: `imported:${source}:${row.key}`, kind: 'commission_earned', at: row.occurredAt })
  }
  const paid = row.state === 'paid' ? payElsewhere(plan, commission, { partner, row }) : commission
  const { period: _, paidAt: _paid, ...columns } = paid
  writes.commissions.push({ ...columns, month, isPast, worth: earned })
  w.commissions.plan(paid.id, paid)
  name(plan, 'commission', row.key, { id: paid.id, says })
  return { noun: 'commission', outcome: 'created', id: paid.id }
}

type Known = { known: KnownCommission; partner: KnownPartner; says: string }

function changed(plan: Plan, row: NewCommission, { known, partner, says }: Known): Told {
  const { w, writes, now } = plan
  const told = (outcome: 'changed' | 'unchanged'): Told => ({ noun: 'commission', outcome, id: known.id })
  if (heirOf(w, known.partnerId) !== partner.id || known.amount !== row.amount || known.currency !== row.currency) {
    const message = `It was imported as ${shown(known.amount, known.currency)}, and its partner and amount stay. Correct the balance instead.`
    return { ...refuse('commission', 'commission_differs', message), id: known.id }
  }
  const after = follow(plan, row, known)
  if (typeof after === 'string') {
    const why = after === 'commission_rejected' ? 'It has been rejected here, which is final.' : 'It is in a payout here.'
    return { ...refuse('commission', after, why), id: known.id }
  }
  name(plan, 'commission', row.key, { id: known.id, says })
  if (after === known) return told('unchanged')
  if (after.rejectedAt && !known.rejectedAt) decide(plan, known, 'reject', now, `${HELD_THERE}${row.word}`)
  else if (after.heldAt && !known.heldAt) decide(plan, known, 'hold', now, `${HELD_THERE}${row.word}`)
  else if (known.heldAt && !after.heldAt) decide(plan, known, 'release', now, null)
  const gained = worth(after) - worth(known)
  if (gained !== 0) {
    const { referralId, currency } = known
    const partnerId = earnerOf(known)
    add(writes.sums.earned, [partnerId, dayIn(plan, known.occurredAt), currency], gained)
    if (referralId !== null) add(writes.sums.codeEarned, [referralId, currency], gained)
    writes.monthChanges.push({ month: known.period, partnerId, currency, amount: gained })
  }
  const kind = after.rejectedAt ? 'commission_rejected' : after.heldAt ? 'commission_held' : 'commission_approved'
  post(plan, after, known, { key: `reimported:${idOf(plan, 'imp')}`, kind, at: now })
  const done = row.state === 'paid' ? payElsewhere(plan, after, { partner, row }) : after
  const { availableAt, heldAt, heldReason, releasedAt, rejectedAt, payoutId, settled, paidOut } = done
  const change = { availableAt, heldAt, heldReason, releasedAt, rejectedAt, payoutId, settled, paidOut }
  writes.commissionChanges.push({ id: known.id, change })
  w.commissions.plan(known.id, done)
  return told('changed')
}

/** A commission as it stands after what its source says now; itself where nothing follows from that. */
function follow(plan: Plan, row: NewCommission, known: KnownCommission) {
  if (known.rejectedAt) return row.state === 'rejected' ? known : 'commission_rejected'
  if (known.settled !== 0 || known.payoutId) return row.state === 'paid' && known.paidAt ? known : 'commission_in_payout'
  const { now } = plan
  if (row.state === 'rejected') return { ...known, rejectedAt: now }
  // What somebody has stopped here stays so, unless it has been paid elsewhere.
  const isTheirs = known.heldReason?.startsWith(HELD_THERE) === true
  if (row.state === 'held')
    return known.heldAt ? known : { ...known, heldAt: now, heldReason: `${HELD_THERE}${row.word}`, releasedAt: null }
  const mayRelease = known.heldAt !== null && (isTheirs || row.state === 'paid')
  const sooner = known.occurredAt < known.availableAt ? known.occurredAt : known.availableAt
  const date = row.availableAt ?? (row.state === 'pending' ? known.availableAt : sooner)
  const isSame = !mayRelease && date === known.availableAt && row.state !== 'paid'
  if (isSame) return known
  return { ...known, availableAt: date, ...(mayRelease && { heldAt: null, heldReason: null, releasedAt: now }) }
}

/** From when it may be paid. What is pending without a date, and would be over by now, waits once more: nobody has approved it. */
function from({ program, now }: Plan, { state, occurredAt, availableAt: date, paidAt }: NewCommission) {
  if (state === 'paid') return date !== null && paidAt !== null && date <= paidAt ? date : occurredAt
  if (date !== null) return date
  if (state === 'approved') return occurredAt
  const { holdingPeriodDays } = program.settings
  const own = availableAt(occurredAt, holdingPeriodDays)
  return isPending(own, now) ? own : availableAt(now, holdingPeriodDays)
}

/** A customer by whom something was earned has paid: the first time when the earliest of it was. */
function paidFirst(plan: Plan, referral: KnownReferral, at: string) {
  const { w, writes } = plan
  const before = referral.qualifiedAt
  if (before !== null && before <= at) return
  w.referrals.plan(referral.customerId, { ...referral, qualifiedAt: at })
  writes.referralChanges.push({ id: referral.id, change: { qualifiedAt: at } })
  if (before !== null) add(writes.sums.referralDays, [dayIn(plan, before), 'qualified'], -1)
  add(writes.sums.referralDays, [dayIn(plan, at), 'qualified'], 1)
}

type Referred = { customerId: string; referralId: string; partner: KnownPartner }

/** The payment behind a commission, so that it is known when it comes from elsewhere, or is given back. */
function saleOf(plan: Plan, { sale, currency, occurredAt }: NewCommission, { customerId, referralId, partner }: Referred) {
  if (!sale) return null
  const { w, writes, program, now } = plan
  const known = w.sales.get(sale.externalId)
  // A second line of the same sale is one beside it.
  if (known) return known.partners.get(partner.id) === false ? 'taken' : null
  const id = idOf(plan, 'cnv')
  w.sales.plan(sale.externalId, { id, externalId: sale.externalId, isNew: true, partners: new Map([[partner.id, true]]) })
  writes.conversions.push({
    ...{ id, programId: program.id, externalId: sale.externalId, customerId, referralId, partnerId: partner.id },
    // As one that was told of by others than the host, which may yet tell of it itself.
    payloadHash: 'stripe',
    ...{ amount: sale.amount, tax: 0, discount: 0, currency, productId: null, occurredAt, createdAt: now, reply: '' },
  })
  add(writes.sums.sales, [partner.id, dayIn(plan, occurredAt)], 1)
  add(writes.sums.codeSteps, [referralId, 'conversions'], 1)
  add(writes.sums.revenue, [dayIn(plan, occurredAt), currency], sale.amount)
  return id
}

function noteOf({ source }: Plan, { key, sale, currency, word }: NewCommission) {
  const sold = sale ? ` for a sale of ${shown(sale.amount, currency)}` : ''
  return `Brought over from ${sourceNames[source]}: ${key.startsWith('sale:') ? 'a commission' : `commission ${key}`}${sold}, ${word} there`
}

function decide(
  plan: Plan,
  { id, programId }: KnownCommission,
  act: 'hold' | 'release' | 'reject',
  at: string,
  reason: string | null,
) {
  const decision = { programId, commissionId: id, act, reason, decidedBy: 'system', createdAt: at }
  plan.writes.decisions.push({ id: idOf(plan, 'dcn'), ...decision })
}

type Posted = { key: string; kind: string; at: string }

function post(plan: Plan, after: KnownCommission, before: KnownCommission | null, posted: Posted) {
  const slots = movement(before, after)
  if (!slots.length) return
  const { programId, currency, id: commissionId } = after
  const entries = slots.map(slot => {
    const partnerId = slot.account === 'commission_expense' ? earnerOf(after) : after.partnerId
    return { ...slot, partnerId, commissionId, currency }
  })
  plan.writes.postings.push({ id: idOf(plan, 'jtx'), programId, createdAt: plan.now, ...posted, entries })
}
