import { type Books, once, type Row, type Say, sum } from './books.ts'
import type { Facts } from './facts.ts'

/** What was acknowledged is there, exactly once; what was not is there once or not at all; and nothing else is there. */
export function checkFacts(say: Say, facts: Facts, books: Books) {
  const all = <T extends { isAcked: boolean }>(type: string, wanted: T[], name: (one: T) => string, of: (row: Row) => string) => {
    const rows = Map.groupBy(books.of(type), of)
    for (const each of wanted) once(say, `${type} ${name(each)}`, rows.get(name(each))?.length ?? 0, each)
    const known = new Set(wanted.map(name))
    for (const name of rows.keys()) if (!known.has(name)) say(`${type} ${name} was never wanted`)
    return (one: T) => rows.get(name(one))?.[0]
  }
  const customers = new Map(books.of('customer').map(each => [each.id as string, each.externalId as string]))

  const clickOf = all(
    'click',
    facts.clicks,
    one => one.id,
    row => row.id,
  )
  for (const each of facts.clicks) {
    const row = clickOf(each)
    if (row) say.is(`the partner of ${each.id}`, row.partnerId, each.partnerId)
  }
  const signups = all(
    'referral',
    facts.signups,
    one => one.customerId,
    row => customers.get(row.customerId) ?? row.customerId,
  )
  for (const each of facts.signups) {
    const row = signups(each)
    if (row) say.is(`the partner of ${each.customerId}`, row.partnerId, each.partnerId)
  }
  all(
    'conversion',
    facts.sales,
    one => one.externalId,
    row => row.externalId,
  )
  all(
    'refund',
    facts.refunds,
    one => one.externalId,
    row => row.externalId,
  )
  checkApplications(say, facts, books)
  const adjustments = Map.groupBy(
    books.of('commission').filter(each => !each.conversionId),
    row => row.why.note as string,
  )
  for (const each of facts.adjustments) once(say, `adjustment ${each.note}`, adjustments.get(each.note)?.length ?? 0, each)
  for (const each of facts.keys)
    once(say, `key ${each.name}`, books.of('apiKey').filter(row => row.name === each.name).length, each)
  for (const each of facts.endpoints)
    once(say, `endpoint ${each.url}`, books.of('webhookEndpoint').filter(row => row.url === each.url).length, each)
  for (const { payoutId, as, isAcked } of facts.marks) {
    const payout = books.of('payout').find(each => each.id === payoutId)
    const state = payout?.paidAt ? 'paid' : payout?.failedAt ? 'failed' : 'open'
    if (state !== as && (isAcked || state !== 'open')) say(`payout ${payoutId} was marked ${as} and is ${state}`)
  }
  for (const { payoutId, isAcked } of facts.sends) {
    const payout = books.of('payout').find(each => each.id === payoutId)
    if (isAcked && !payout?.paidAt) say(`payout ${payoutId} was to be sent and is not paid`)
  }
}

function checkApplications(say: Say, facts: Facts, books: Books) {
  const rows = Map.groupBy(books.of('application'), row => row.email as string)
  for (const each of facts.applications) {
    const { email, review } = each
    if (!once(say, `application ${email}`, rows.get(email)?.length ?? 0, each)) continue
    const row = rows.get(email)?.[0] as Row
    const partners = books.of('partner').filter(partner => partner.email === email).length
    const decided = review?.action === 'approve' ? 'approved' : review ? 'rejected' : null
    if (row.decision !== decided && (review?.isAcked || row.decision !== null))
      say(`${email} was ${decided} and is ${row.decision}`)
    say.is(`partners ${email}`, partners, row.decision === 'approved' ? 1 : 0)
  }
}

/** Clicks are counted in the transaction that keeps them, so every count is that of the rows. */
export function checkCounts(say: Say, books: Books) {
  const clicks = books.of('click')
  const counted = (type: string) => sum(books.of(type), each => each.clicks)
  for (const type of ['programDay', 'partnerDay', 'partnerMonth']) say.is(`clicks by ${type}`, counted(type), clicks.length)
  for (const day of books.of('partnerDay')) {
    const own = clicks.filter(each => each.partnerId === day.partnerId && each.day === day.day)
    say.is(`clicks of ${day.partnerId} on ${day.day}`, day.clicks, own.length)
  }
  const referrals = books.of('referral')
  say.is(
    'signups by day',
    sum(books.of('referralDay'), each => each.signups),
    referrals.length,
  )
  say.is(
    'signups by partner',
    sum(books.of('partnerDay'), each => each.signups),
    referrals.filter(each => each.partnerId).length,
  )
  const earned = books.of('conversion').filter(each => each.partnerId)
  say.is(
    'payments by partner',
    sum(books.of('partnerDay'), each => each.conversions),
    earned.length,
  )
}
