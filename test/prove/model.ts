import type { Act, Dispute, Failure, History, Refund, Sale, Settings, Terms, Total } from './history.ts'
import { timeOf } from './history.ts'
import { START } from './place.ts'

// What docs/money.md and docs/stripe.md say, once more and by other means: no database, no journal, no entries. Sums are
// taken anew from the list of what is known whenever somebody asks.

const DAY = 86_400_000

/** One commission. What it earned and what of that is taken back is not kept, but follows from what is known. */
export type Line = {
  sale: number | null
  partner: number
  currency: string
  at: number
  availableAt: number
  approvedAt: number | null
  held: 'by hand' | 'dispute' | null
  released: boolean
  rejected: boolean
  /** The payout that it is in. */
  payout: number | null
  settled: bigint
  paid: bigint
  month: string
  /** A correction's amount. */
  own: bigint
  /** What months have of it so far. */
  counted: bigint
}
export type Payout = {
  partner: number
  currency: string
  amount: bigint
  lines: { line: Line; amount: bigint; before: bigint }[]
  state: 'pending' | 'paid' | 'failed'
}
type Bound = { partner: number; terms: Terms; ownRate: number | null; currency: string }

export type Status = 'pending' | 'approved' | 'held' | 'rejected' | 'paid' | 'reversed'

export class Model {
  now = START
  settings: Settings
  readonly history: History
  readonly partners = [
    { rate: null as number | null, active: true },
    { rate: null as number | null, active: true },
  ]
  readonly bound = new Map<number, Bound>()
  readonly clicks = new Map<number, { partner: number; at: number }>()
  /** Sales that are known, with whom they earn anything, if anybody. */
  readonly sales = new Map<number, { partner: number | null }>()
  /** Sales of which it is known by which payment intent they were paid. */
  readonly linked = new Set<number>()
  readonly told = {
    refunds: new Set<number>(),
    totals: new Set<number>(),
    failures: new Set<number>(),
    disputes: new Map<number, Set<number>>(),
  }
  /** Disputes that somebody does not want to wait for. */
  readonly waived = new Set<number>()
  readonly lines: Line[] = []
  readonly payouts: Payout[] = []
  readonly months = new Map<string, Map<string, bigint>>()
  readonly closed = new Set<string>()

  constructor(history: History) {
    this.history = history
    this.settings = history.settings
  }

  // ---- what becomes known

  click(customer: number, partner: number) {
    // What leads to nobody is not kept.
    if (this.partners[partner]?.active) this.clicks.set(customer, { partner, at: this.now })
    else this.clicks.delete(customer)
  }

  /** The reason why nobody is credited, or nothing. */
  signUp(customer: number, partner: number, by: 'code' | 'ref' | 'clickId') {
    if (this.bound.has(customer)) return null
    const click = this.clicks.get(customer)
    if (by === 'clickId' && !click) return 'unknown_click'
    if (by !== 'code' && click && click.at + this.settings.cookieDurationDays * DAY < this.now) return 'expired'
    const to = by === 'code' || !click ? partner : click.partner
    if (!this.partners[to]?.active) return 'inactive_partner'
    this.bind(customer, to)
    return null
  }

  bind(customer: number, partner: number) {
    const { defaultCommissionRate, holdingPeriodDays, commission, currency } = this.settings
    const terms = { defaultCommissionRate, holdingPeriodDays, commission }
    this.bound.set(customer, { partner, terms, currency, ownRate: this.partners[partner]?.rate ?? null })
  }

  /** A sale is told of; true the first time. */
  sale(place: number, { coupon = null as number | null, linked = false } = {}) {
    const isNews = linked && !this.linked.has(place)
    if (linked) this.linked.add(place)
    const sale = this.history.sales[place] as Sale
    if (this.sales.has(place)) {
      if (isNews) this.settle(place)
      return false
    }
    if (!this.bound.has(sale.customer) && coupon !== null && this.partners[coupon]?.active) this.bind(sale.customer, coupon)
    const bound = this.bound.get(sale.customer)
    const mayEarn = bound && (this.partners[bound.partner]?.active || this.settings.payAfterDeactivation)
    const earns = mayEarn && baseOf(sale) > 0n
    this.sales.set(place, { partner: earns ? bound.partner : null })
    if (earns) {
      const at = timeOf(sale, place)
      this.lines.push({
        sale: place,
        partner: bound.partner,
        currency: isFlat(sale, bound) ? bound.currency : sale.currency,
        at,
        availableAt: at + bound.terms.holdingPeriodDays * DAY,
        month: this.open(this.monthOf(at)),
        own: 0n,
        ...fresh(),
      })
    }
    const line = this.lines.at(-1)
    // Whoever had a commission in a month is told of it, though nothing is left of it.
    if (line?.sale === place && this.earned(line) !== 0n) this.add(line, 0n)
    this.settle(place)
    return true
  }

  link(place: number) {
    if (this.linked.has(place)) return
    this.linked.add(place)
    this.settle(place)
  }

  refund(place: number) {
    if (this.told.refunds.has(place)) return
    this.told.refunds.add(place)
    this.settle((this.history.refunds[place] as Refund).sale)
  }

  total(place: number) {
    if (this.told.totals.has(place)) return
    this.told.totals.add(place)
    this.settle((this.history.totals[place] as Total).sale)
  }

  failure(place: number) {
    if (this.told.failures.has(place)) return
    this.told.failures.add(place)
    this.settle((this.history.failures[place] as Failure).sale)
  }

  dispute(place: number, stage: number) {
    const known = this.told.disputes.get(place) ?? new Set()
    if (known.has(stage)) return
    this.told.disputes.set(place, known.add(stage))
    this.settle((this.history.disputes[place] as Dispute).sale)
  }

  /** What follows for a sale from all that is known: it waits for disputes or does not; and the months get the difference. */
  private settle(place: number) {
    const disputed = this.isDisputed(place)
    for (const line of this.lines.filter(each => each.sale === place)) {
      if (disputed && !line.held && !line.rejected && line.payout === null)
        Object.assign(line, { held: 'dispute', released: false })
      if (!disputed && line.held === 'dispute') Object.assign(line, { held: null, released: true })
    }
    this.count()
  }

  // ---- what a line comes to

  /** What it earned, under the limits of its customer's terms. */
  earned(line: Line): bigint {
    if (line.sale === null) return line.own
    const { customer } = this.history.sales[line.sale] as Sale
    return this.allowed(customer).get(line.sale) ?? 0n
  }

  private allowed(customer: number) {
    const result = new Map<number, bigint>()
    const bound = this.bound.get(customer)
    if (!bound) return result
    const { recurringMonths, recurringPayments, maxPerCustomer } = bound.terms.commission
    const paying = [...this.sales]
      .filter(([place, { partner }]) => partner !== null && this.history.sales[place]?.customer === customer)
      .map(([place]) => ({
        place,
        sale: this.history.sales[place] as Sale,
        at: timeOf(this.history.sales[place] as Sale, place),
      }))
      .sort((a, b) => a.at - b.at)
    let left = maxPerCustomer === null ? null : BigInt(maxPerCustomer)
    for (const [position, { place, sale, at }] of paying.entries()) {
      let earns = this.full(sale, bound)
      if (recurringPayments !== null && position >= recurringPayments) earns = 0n
      if (recurringMonths !== null && at >= monthsLater(paying[0]?.at ?? 0, recurringMonths)) earns = 0n
      const currency = isFlat(sale, bound) ? bound.currency : sale.currency
      if (left !== null && currency === bound.currency) {
        if (earns > left) earns = left
        left -= earns
      }
      result.set(place, earns)
    }
    return result
  }

  private full(sale: Sale, bound: Bound): bigint {
    if (isFlat(sale, bound)) return BigInt(bound.terms.commission.flatAmount ?? 0)
    const product =
      bound.ownRate === null ? bound.terms.commission.products.find(each => each.productId === sale.product) : undefined
    const rate = bound.ownRate ?? product?.rate ?? bound.terms.defaultCommissionRate
    return halfEven(baseOf(sale) * BigInt(Math.round(rate * 10_000)), 1_000_000n)
  }

  /** How much of that is taken back. */
  reversed(line: Line): bigint {
    if (line.sale === null) return 0n
    const sale = this.history.sales[line.sale] as Sale
    const paid = BigInt(sale.amount - sale.discount)
    const back = this.givenBack(line.sale)
    if (back === null || back >= paid) return this.earned(line)
    return halfEven(this.earned(line) * back, paid)
  }

  /** What a sale's customer has got back in all; null for everything. */
  private givenBack(place: number): bigint | null {
    const { refunds, totals, failures, disputes } = this.history
    const known = this.knowsIntent(place)
    const failed = [...this.told.failures].map(each => failures[each] as Failure).filter(each => known && each.sale === place)
    const named = [...this.told.refunds]
      .filter(each => refunds[each]?.sale === place && !failed.some(failure => failure.refund === each))
      .map(each => (refunds[each] as Refund).amount)
    if (named.includes(null)) return null
    const own = [...this.told.totals].map(each => totals[each] as Total).filter(each => known && each.sale === place)
    let summed = 0n
    if (own.length) {
      const last = Math.max(...own.map(each => each.at))
      const amount = Math.max(...own.filter(each => each.at === last).map(each => each.amount))
      const since = failed.filter(each => each.at >= last)
      summed = since.reduce((sum, each) => sum - BigInt(each.amount), BigInt(amount))
    }
    const one = named.reduce((sum, amount) => sum + BigInt(amount ?? 0), 0n)
    let all = one > summed ? one : summed
    for (const each of this.told.disputes.keys()) {
      const dispute = disputes[each] as Dispute
      if (known && dispute.sale === place && this.outcome(each) === 'lost') all += BigInt(dispute.amount)
    }
    return all
  }

  /** How a dispute ended: of several ends the last that is known; null while none is. */
  private outcome(place: number) {
    const stages = this.told.disputes.get(place) ?? new Set()
    const last = Math.max(...stages)
    return last > 0 ? (this.history.disputes[place] as Dispute).ends[last - 1] : null
  }

  isDisputed(sale: number) {
    if (!this.knowsIntent(sale)) return false
    const of = (each: number) => this.history.disputes[each]?.sale === sale
    return [...this.told.disputes.keys()].some(each => of(each) && this.outcome(each) === null && !this.waived.has(each))
  }

  // Stripe tells of refunds and disputes by the payment intent. Where the sale goes by its invoice, that has to be known.
  private knowsIntent(sale: number) {
    return !this.history.sales[sale]?.byInvoice || this.linked.has(sale)
  }

  worth(line: Line) {
    return line.rejected ? 0n : this.earned(line) - this.reversed(line)
  }

  payableFrom({ availableAt, approvedAt }: Line) {
    return approvedAt !== null && approvedAt < availableAt ? approvedAt : availableAt
  }

  status(line: Line): Status {
    if (line.rejected) return 'rejected'
    if (line.payout !== null && this.payouts[line.payout]?.state === 'paid') return 'paid'
    if (this.earned(line) === this.reversed(line)) return 'reversed'
    if (line.held) return 'held'
    return this.payableFrom(line) > this.now ? 'pending' : 'approved'
  }

  // ---- what people do

  /** What comes of a decision: the code of what stands against it, or null. */
  decide(line: Line, act: Act): string | null {
    const status = this.status(line)
    const again = { approve: 'approved', hold: 'held', release: '', reject: 'rejected' }[act]
    if (status === again || (act === 'release' && line.released && (status === 'pending' || status === 'approved'))) return null
    if (status === 'rejected' || status === 'reversed' || status === 'paid') return `commission_is_${status}`
    if (act === 'approve' && status === 'held') return 'commission_is_held'
    if (act === 'release' && status !== 'held') return 'commission_is_not_held'
    if (line.payout !== null) return 'commission_in_payout'
    // Another payout has taken a refund back that its own, which failed, never paid.
    if ((act === 'hold' || act === 'reject') && line.settled !== 0n) return 'commission_in_payout'
    if (act === 'approve') line.approvedAt = this.now
    if (act === 'hold') Object.assign(line, { held: 'by hand', released: false })
    if (act === 'reject') line.rejected = true
    if (act === 'release') {
      Object.assign(line, { held: null, released: true })
      for (const each of this.told.disputes.keys())
        if (this.history.disputes[each]?.sale === line.sale && this.knowsIntent(line.sale ?? 0) && this.outcome(each) === null)
          this.waived.add(each)
    }
    this.count()
    return null
  }

  correct(partner: number, { amount, currency }: { amount: number; currency: string }) {
    const own = BigInt(amount)
    const line: Line = {
      sale: null,
      partner,
      currency,
      at: this.now,
      availableAt: this.now,
      month: this.open(this.monthOf(this.now)),
      own,
      ...fresh(),
    }
    this.lines.push(line)
    this.count()
    return line
  }

  /** Makes the payouts that are due, and says what is left for the next run. */
  payOut(only: string | null) {
    const made: number[] = []
    const carried: { partner: number; currency: string; amount: bigint; reason: string }[] = []
    for (const partner of this.partners.keys()) {
      for (const currency of [...new Set(this.lines.map(each => each.currency))].sort()) {
        if (only !== null && currency !== only) continue
        const due = this.lines
          .filter(each => each.partner === partner && each.currency === currency && this.isDue(each))
          .map(line => ({ line, amount: this.worth(line) - line.settled, before: line.settled }))
        if (!due.length) continue
        const amount = due.reduce((sum, each) => sum + each.amount, 0n)
        if (amount < 0n) carried.push({ partner, currency, amount, reason: 'below_zero' })
        else if (amount === 0n || amount < this.minimum(currency))
          carried.push({ partner, currency, amount, reason: 'below_minimum' })
        else {
          const payout = this.payouts.push({ partner, currency, amount, lines: due, state: 'pending' }) - 1
          for (const each of due) {
            each.line.payout ??= payout
            each.line.settled += each.amount
          }
          made.push(payout)
        }
      }
    }
    return { made, carried }
  }

  private isDue(line: Line) {
    return !line.held && !line.rejected && this.payableFrom(line) <= this.now && this.worth(line) !== line.settled
  }

  minimum(currency: string) {
    const places = { EUR: 2, JPY: 0, KWD: 3 }[currency] ?? 2
    return BigInt(Math.ceil(this.settings.minPayoutAmount * 10 ** places - 1e-9))
  }

  /** The code of what stands against it, or null. */
  mark(place: number, as: 'paid' | 'failed') {
    const payout = this.payouts[place] as Payout
    if (payout.state === as) return null
    if (payout.state !== 'pending') return `payout_is_${payout.state}`
    payout.state = as
    for (const { line, amount } of payout.lines) {
      if (as === 'paid') line.paid += amount
      else {
        line.settled -= amount
        if (line.payout !== place) continue
        line.payout = null
        if (line.sale !== null && !line.held && this.isDisputed(line.sale))
          Object.assign(line, { held: 'dispute', released: false })
      }
    }
    return null
  }

  // ---- months

  monthOf(at: number) {
    return monthIn(this.settings.timeZone, at)
  }

  /** Moves the time; the months that have ended by then are closed. */
  pass(to: number) {
    this.now = to
    const current = this.monthOf(to)
    for (let month = this.monthOf(START); month < current; month = monthAfter(month)) this.closed.add(month)
    for (const month of this.months.keys()) if (month < current) this.closed.add(month)
  }

  /** False where the month has not ended. */
  close(month: string) {
    if (month >= this.monthOf(this.now)) return false
    this.closed.add(month)
    return true
  }

  private open(month: string) {
    return this.closed.has(month) ? this.monthOf(this.now) : month
  }

  /** What lines have become worth more or less goes to their month, or once that is closed to the one that it is now. */
  private count() {
    for (const line of this.lines) {
      const worth = this.worth(line)
      if (worth === line.counted) continue
      this.add(line, worth - line.counted)
      line.counted = worth
    }
  }

  private add(line: Line, amount: bigint) {
    const month = this.open(line.month)
    // A month that nothing was earned in is not begun, and not closed either where it is older than the program.
    const sums = this.months.get(month) ?? new Map<string, bigint>()
    this.months.set(month, sums)
    const key = `${line.partner} ${line.currency}`
    sums.set(key, (sums.get(key) ?? 0n) + amount)
  }
}

function fresh() {
  const state = { approvedAt: null, held: null, released: false, rejected: false, payout: null } as const
  return { ...state, settled: 0n, paid: 0n, counted: 0n }
}

function baseOf({ amount, tax, discount }: Sale) {
  return BigInt(amount - tax - discount)
}

function isFlat(sale: Sale, { terms, ownRate }: Bound) {
  const { type, products } = terms.commission
  return ownRate === null && type === 'flat' && !products.some(each => each.productId === sale.product)
}

/** The nearest whole number, and of two the even one. Both are zero or more. */
export function halfEven(over: bigint, under: bigint) {
  const down = over / under
  const twice = 2n * (over - down * under)
  if (twice === under) return down % 2n === 0n ? down : down + 1n
  return twice < under ? down : down + 1n
}

function monthsLater(at: number, months: number) {
  const from = new Date(at)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  const days = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate()
  return first + (Math.min(from.getUTCDate(), days) - 1) * DAY + (at % DAY)
}

const zones = new Map<string, Intl.DateTimeFormat>()

/** The month, as `2026-03`, that it is somewhere at a moment. */
export function monthIn(timeZone: string, at: number) {
  const zone = zones.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit' })
  zones.set(timeZone, zone)
  const [month, year] = zone.format(at).split('/')
  return `${year}-${month}`
}

export function monthAfter(month: string, by = 1) {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}
