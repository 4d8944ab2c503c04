import { type Books, type Row, type Say, sum } from './books.ts'
import type { Facts, Sale } from './facts.ts'

const RATE_PERCENT = 20n

/** A share of an amount, rounded once, half to even: written here anew, so that it is not the server's own sum. */
function share(amount: number, part: bigint, whole: bigint) {
  const exact = BigInt(amount) * part
  const [floor, rest] = [exact / whole, exact % whole]
  return Number(rest * 2n > whole || (rest * 2n === whole && floor % 2n === 1n) ? floor + 1n : floor)
}

/** What is left of what a sale earned, made from what callers have told and what of it has arrived. */
function leftOf(sale: Sale, facts: Facts, has: { refund: Set<string>; commission: Row | undefined }) {
  const earned = share(sale.amount, RATE_PERCENT, 100n)
  if (has.commission?.rejectedAt) return 0
  const refunded = sum(
    facts.refunds.filter(each => each.sale === sale && has.refund.has(each.externalId)),
    each => each.amount,
  )
  const reversal = facts.reversals.find(each => each.sale === sale)
  const back = Math.min(refunded + (reversal?.isAcked ? reversal.amount : 0), sale.amount)
  return earned - share(earned, BigInt(back), BigInt(sale.amount))
}

/** Each commission is worth what the model says, and each partner has the sum of them. */
export function checkMoney(say: Say, facts: Facts, books: Books, stats: Map<string, Row>) {
  const refund = new Set(books.of('refund').map(each => each.externalId as string))
  const conversions = new Map(books.of('conversion').map(each => [each.externalId as string, each]))
  const commissions = Map.groupBy(books.of('commission'), each => (each.conversionId ?? each.why.note) as string)
  const worth = new Map<string, number>()
  const add = (partnerId: string, amount: number) => worth.set(partnerId, (worth.get(partnerId) ?? 0) + amount)

  for (const sale of facts.sales) {
    const conversion = conversions.get(sale.externalId)
    if (!conversion) continue
    say.is(`the amount of ${sale.externalId}`, conversion.amount, sale.amount)
    const own = commissions.get(conversion.id) ?? []
    say.is(`commissions of ${sale.externalId}`, own.length, share(sale.amount, RATE_PERCENT, 100n) === 0 ? 0 : 1)
    const [commission] = own
    if (!commission) continue
    checkRejected(say, sale, commission)
    const uncertain = facts.reversals.some(each => each.sale === sale && !each.isAcked)
    const expected = leftOf(sale, facts, { refund, commission })
    if (!uncertain) say.is(`what is left of ${commission.id} for ${sale.externalId}`, left(commission), expected)
    // What is held is nobody's yet, but for what was paid of it before.
    add(commission.partnerId, commission.heldAt ? commission.settled : left(commission))
  }
  for (const { note, partnerId, amount } of facts.adjustments) {
    const [commission] = commissions.get(note) ?? []
    if (!commission) continue
    say.is(`adjustment ${note}`, left(commission), amount)
    add(partnerId, amount)
  }
  for (const [partnerId, { total_earned_cents: earned, paid_cents: paid }] of stats) {
    say.is(`what ${partnerId} has earned`, earned, worth.get(partnerId) ?? 0)
    const own = books.of('payout').filter(each => each.partnerId === partnerId && each.paidAt)
    say.is(
      `what ${partnerId} was paid`,
      paid,
      sum(own, each => each.amount),
    )
  }
}

const left = ({ amount, reversed, rejectedAt }: Row) => (rejectedAt ? 0 : amount - reversed)

function checkRejected(say: Say, { decisions, externalId }: Sale, { rejectedAt }: Row) {
  const asked = decisions.filter(each => each.act === 'reject')
  if (asked.some(each => each.isAcked) && !rejectedAt) say(`the commission of ${externalId} was rejected and is not`)
  if (!asked.length && rejectedAt) say(`the commission of ${externalId} is rejected, and nobody did that`)
}

/** The journal sums to zero, and says of each commission and each payout what they say of themselves. */
export function checkJournal(say: Say, books: Books) {
  const transactions = books.of('journalTransaction')
  const keys = transactions.map(each => each.key as string)
  say.is('transactions with a key of their own', new Set(keys).size, keys.length)
  for (const { id, entries } of transactions)
    say.is(
      `the sum of ${id}`,
      sum(entries as Row[], each => each.amount),
      0,
    )
  const booked = Map.groupBy(
    transactions.flatMap(each => each.entries as Row[]),
    each => each.commissionId as string,
  )
  const payouts = new Map(books.of('payout').map(each => [each.id as string, each]))
  const lines = Map.groupBy(books.of('payoutLine'), each => each.commissionId as string)
  for (const commission of books.of('commission')) {
    const { id, settled, paidOut } = commission
    const account = (...names: string[]) =>
      sum(
        (booked.get(id) ?? []).filter(each => names.includes(each.account)),
        each => each.amount,
      )
    const live = (lines.get(id) ?? []).filter(each => !payouts.get(each.payoutId)?.failedAt)
    const paid = live.filter(each => payouts.get(each.payoutId)?.paidAt)
    const found = [settled, paidOut, account('partner_payable', 'partner_paid'), account('partner_paid')]
    const inPayouts = [sum(live, each => each.amount), sum(paid, each => each.amount)]
    say.is(`what payouts have of ${id}`, found, [...inPayouts, ...inPayouts])
    say.is(`the journal of ${id}`, account('partner_earnings', 'partner_held'), left(commission) - settled)
  }
  for (const { id, amount } of payouts.values()) {
    const own = books.of('payoutLine').filter(each => each.payoutId === id)
    say.is(
      `the lines of ${id}`,
      sum(own, each => each.amount),
      amount,
    )
  }
}
