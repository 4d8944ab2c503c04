import fc from 'fast-check'
import { START } from './place.ts'

// A history is what is known of sales, beforehand and once, and the steps in which it becomes known, time passes and
// people decide. Steps name sales, lines and payouts by their place, so that a history with a step left out is a history.

export type Money = { amount: number; currency: string }
export type Sale = Money & {
  customer: number
  tax: number
  discount: number
  product: string | null
  at: number
  byInvoice: boolean
}
export type Refund = { sale: number; amount: number | null }
/** How much of a sale's charge had been given back in all at a second. */
export type Total = { sale: number; amount: number; at: number }
/** A refund that failed: one of those above, or one that Stripe alone knows. */
export type Failure = { sale: number; refund: number | null; amount: number; at: number }
/** `ends` are told of one after the other: a dispute that was lost may be won yet. */
export type Dispute = { sale: number; amount: number; at: number; ends: ('lost' | 'won')[] }

export type Terms = {
  defaultCommissionRate: number
  holdingPeriodDays: number
  commission: {
    type: 'percent' | 'flat'
    flatAmount: number | null
    recurringMonths: number | null
    recurringPayments: number | null
    maxPerCustomer: number | null
    products: { productId: string; rate: number }[]
  }
}
export type Settings = Terms & {
  currency: string
  timeZone: string
  minPayoutAmount: number
  cookieDurationDays: number
  payAfterDeactivation: boolean
}
export type Act = 'approve' | 'hold' | 'release' | 'reject'

export type Step =
  | { do: 'click'; customer: number; partner: number }
  | { do: 'sign up'; customer: number; partner: number; by: 'code' | 'ref' | 'clickId' }
  | { do: 'sale'; sale: number; by: 'host' | 'stripe' }
  | { do: 'coupon sale'; sale: number; partner: number }
  | { do: 'refund'; refund: number }
  | { do: 'total'; total: number }
  | { do: 'failure'; failure: number }
  | { do: 'dispute'; dispute: number; stage: number }
  | { do: 'link'; sale: number }
  | { do: 'again'; back: number; changed: boolean }
  | { do: 'pass'; hours: number }
  | { do: 'pass until due'; line: number; short: boolean }
  | { do: 'decide'; line: number; act: Act }
  | ({ do: 'correct'; partner: number } & Money)
  | { do: 'pay out'; currency: string | null; twice: boolean }
  | { do: 'mark'; payout: number; as: 'paid' | 'failed' }
  | { do: 'close'; back: number }
  | { do: 'change'; terms: Terms; minPayoutAmount: number; payAfterDeactivation: boolean }
  | { do: 'own rate'; partner: number; rate: number | null }
  | { do: 'status'; partner: number; status: 'active' | 'deactivated' }

export type History = {
  settings: Settings
  sales: Sale[]
  refunds: Refund[]
  totals: Total[]
  failures: Failure[]
  disputes: Dispute[]
  steps: Step[]
  /** Where not null, the same is told once more, to another program, in an order that this number makes. */
  shuffle: number | null
}

export const SALES = 5
export const CUSTOMERS = 3
const OTHERS = 4
const CURRENCIES = ['EUR', 'JPY', 'KWD']
// One less than the server takes: what is told again with another amount is one more.
const MAX_MINOR = 1_000_000_000_000 - 1

/** The external time of a sale. No two have the same: it is what a commission is known by. */
export const timeOf = ({ at }: Sale, place: number) => START + (at * 60 + place) * 1000

const place = (count: number) => fc.nat({ max: count - 1 })
const mostly = <T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, times = 2) =>
  fc.oneof({ weight: times, arbitrary: often }, { weight: 1, arbitrary: seldom })
const noneOr = <T>(arbitrary: fc.Arbitrary<T>, times = 1) =>
  fc.oneof({ weight: times, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
// What is to be anything between is not drawn to its ends, as the library would.
const between = (min: number, max: number) => fc.noBias(fc.integer({ min, max }))

const amount = fc.oneof(
  { weight: 2, arbitrary: between(0, 300) },
  { weight: 6, arbitrary: between(300, 30_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX_MINOR }) },
)
const share = mostly(fc.constant(0), between(0, 50))
const rate = mostly(
  fc.constantFrom(20, 10, 30, 12.5, 33.3333, 100),
  fc.nat({ max: 1_000_000 }).map(ppm => ppm / 10_000),
)
const currencyOf = (own: string) => mostly(fc.constant(own), fc.constantFrom(...CURRENCIES), 4)
// Most are about a first few, so that facts meet.
const sale = mostly(place(2), place(SALES))
const second = fc.nat({ max: 5 })
const MONTH_MINUTES = 31 * 24 * 60

function sales(own: string): fc.Arbitrary<Sale[]> {
  const one = fc.record({
    customer: mostly(fc.constant(0), place(CUSTOMERS), 3),
    amount,
    taxShare: share,
    discountShare: share,
    currency: currencyOf(own),
    product: fc.constantFrom(null, null, 'pro', 'team'),
    at: mostly(mostly(between(-600, 600), between(-MONTH_MINUTES, 0), 1), between(-MONTH_MINUTES, 2 * MONTH_MINUTES), 4),
    byInvoice: fc.boolean(),
  })
  const whole = one.map(({ taxShare, discountShare, ...rest }) => ({
    ...rest,
    tax: Math.floor((rest.amount * taxShare) / 100),
    discount: Math.floor((rest.amount * discountShare) / 100),
  }))
  return fc.array(whole, { minLength: SALES, maxLength: SALES })
}

function terms(): fc.Arbitrary<Terms> {
  const products = fc.constantFrom<string[]>([], [], ['pro'], ['pro', 'team'])
  return fc
    .record({
      defaultCommissionRate: rate,
      holdingPeriodDays: fc.constantFrom(0, 1, 7, 30),
      type: fc.constantFrom<('percent' | 'flat')[]>('percent', 'percent', 'percent', 'flat'),
      flatAmount: between(0, 20_000),
      recurringMonths: noneOr(fc.integer({ min: 1, max: 3 })),
      recurringPayments: noneOr(fc.integer({ min: 1, max: 3 })),
      maxPerCustomer: noneOr(between(0, 8_000)),
      products,
      productRate: rate,
      isLimited: mostly(fc.constant(false), fc.constant(true)),
    })
    .map(({ defaultCommissionRate, holdingPeriodDays, productRate, isLimited, ...commission }) => ({
      defaultCommissionRate,
      holdingPeriodDays,
      commission: {
        ...commission,
        ...(!isLimited && { recurringMonths: null, recurringPayments: null, maxPerCustomer: null }),
        products: commission.products.map(productId => ({ productId, rate: productRate })),
      },
    }))
}

// The same in minor units, and what is the least below them, to meet them exactly.
const MINIMA: Record<string, Money[]> = {
  EUR: [50, 1_040].map(amount => ({ amount, currency: 'EUR' })),
  JPY: [1, 50].map(amount => ({ amount, currency: 'JPY' })),
  KWD: [500, 10_400].map(amount => ({ amount, currency: 'KWD' })),
}
// A click of a day, that counts to the millisecond.
const LAPSES: Step[] = [
  { do: 'click', customer: 2, partner: 1 },
  { do: 'pass', hours: 24 },
  { do: 'sign up', customer: 2, partner: 1, by: 'ref' },
]
const tenYen = { amount: 10, currency: 'JPY' }

// Such that it exists in the program's currency, and not always in the others.
const minimum = (currency: string) => (currency === 'JPY' ? fc.constantFrom(0, 0, 1, 50) : fc.constantFrom(0, 0, 0.5, 10.4))

function steps(own: string): fc.Arbitrary<Step[]> {
  const customer = mostly(fc.constant(0), place(CUSTOMERS))
  const partner = mostly(fc.constant(0), fc.constant(1))
  const line = mostly(sale, fc.integer({ min: SALES, max: SALES + 2 }), 5)
  const sold = step('sale', { sale, by: fc.constantFrom<('host' | 'stripe')[]>('host', 'host', 'stripe') })
  const refunded = step('refund', { refund: place(OTHERS) })
  const disputed = step('dispute', { dispute: place(2), stage: fc.constantFrom(0, 0, 1, 1, 2) })
  const due = step('pass until due', { line: sale, short: mostly(fc.constant(false), fc.constant(true), 3) })
  const passes = step('pass', { hours: fc.constantFrom(1, 24, 24 * 8, 24 * 31, 24 * 75) })
  const decides = step('decide', { line, act: fc.constantFrom<Act[]>('approve', 'hold', 'hold', 'release', 'release', 'reject') })
  const corrects = step('correct', { partner, amount: between(-9_000, 9_000), currency: currencyOf(own) })
  const pays = step('pay out', { currency: noneOr(currencyOf(own), 5), twice: mostly(fc.constant(false), fc.constant(true), 4) })
  const marks = step('mark', { payout: place(3), as: fc.constantFrom<('paid' | 'failed')[]>('paid', 'failed') })
  const exact = fc.constantFrom(...(MINIMA[own] ?? []), tenYen).map((money): Step => ({ do: 'correct', partner: 1, ...money }))
  const one = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary: arbitrary.map(each => [each]) })
  const some = (weight: number, ...all: fc.Arbitrary<Step>[]) => ({ weight, arbitrary: fc.tuple(...all) as fc.Arbitrary<Step[]> })
  const chapter = fc.oneof(
    one(2, step('click', { customer, partner })),
    one(4, step('sign up', { customer, partner, by: fc.constantFrom<('code' | 'ref' | 'clickId')[]>('code', 'ref', 'clickId') })),
    one(16, sold),
    one(3, step('coupon sale', { sale, partner })),
    one(8, refunded),
    one(5, step('total', { total: place(OTHERS) })),
    one(5, step('failure', { failure: place(OTHERS) })),
    one(8, disputed),
    one(2, step('link', { sale })),
    one(7, step('again', { back: fc.nat({ max: 4 }), changed: mostly(fc.constant(false), fc.constant(true)) })),
    one(4, passes),
    one(4, due),
    one(8, decides),
    one(3, corrects),
    one(6, pays),
    one(6, marks),
    one(4, step('close', { back: fc.integer({ min: 0, max: 3 }) })),
    one(3, step('change', { terms: terms(), minPayoutAmount: minimum(own), payAfterDeactivation: fc.boolean() })),
    one(3, step('own rate', { partner, rate: noneOr(rate) })),
    one(3, step('status', { partner, status: fc.constantFrom<('active' | 'deactivated')[]>('active', 'deactivated') })),
    // What leads somewhere only in this order: some of the life of one sale.
    { weight: 26, arbitrary: fc.constantFrom(0, 0, 1, 2).chain(sale => life(sale, { own, pays, marks })) },
    some(3, corrects, pays),
    some(2, exact, pays),
    { weight: 2, arbitrary: fc.constant<Step[]>(LAPSES) },
    some(2, passes, sold),
  )
  // Where nobody has signed up nothing is earned: most begin with it, and some with a rate of the partner's own.
  const begins: Step = { do: 'sign up', customer: 0, partner: 0, by: 'code' }
  const beginning = fc.oneof(
    { weight: 6, arbitrary: fc.constant([begins]) },
    { weight: 2, arbitrary: rate.map((rate): Step[] => [{ do: 'own rate', partner: 0, rate }, begins]) },
    { weight: 1, arbitrary: fc.constant<Step[]>([begins, { do: 'pass', hours: 24 * 75 }]) },
    { weight: 1, arbitrary: fc.constant<Step[]>([]) },
  )
  const chapters = fc.noBias(fc.array(chapter, { minLength: 1, maxLength: 13, size: 'max' }))
  return fc.tuple(beginning, chapters).map(([first, all]) => [...first, ...all.flat()].slice(0, 24))
}

type Paying = { own: string } & Record<'pays' | 'marks', fc.Arbitrary<Step>>

/** Some of what may happen to one sale, in the order in which it mostly does. */
function life(sale: number, { own, pays, marks }: Paying): fc.Arbitrary<Step[]> {
  const [refund, dispute] = [sale % OTHERS, sale % 2]
  const act = (act: Act): Step => ({ do: 'decide', line: sale, act })
  const more: Step = { do: 'correct', partner: 0, amount: 25_000, currency: own }
  return fc
    .tuple(pays, marks, pays, marks, fc.boolean())
    .chain(([pay, mark, payAgain, markAgain, isTotal]) =>
      fc.subarray<Step>(
        [
          { do: 'sale', sale, by: 'host' },
          act('approve'),
          { do: 'dispute', dispute, stage: 0 },
          act('release'),
          { do: 'pass until due', line: sale, short: false },
          pay,
          { do: 'dispute', dispute, stage: 1 },
          mark,
          isTotal ? { do: 'total', total: refund } : { do: 'refund', refund },
          { do: 'sale', sale: sale + 1, by: 'host' },
          act('approve'),
          more,
          payAgain,
          { do: 'failure', failure: refund },
          markAgain,
          mark,
          act('hold'),
          act('release'),
          act('reject'),
          more,
          pay,
          { do: 'dispute', dispute, stage: 2 },
          pay,
        ],
        { minLength: 4, maxLength: 16 },
      ),
    )
}

function step<K extends Step['do']>(
  kind: K,
  fields: { [F in Exclude<keyof Extract<Step, { do: K }>, 'do'>]: fc.Arbitrary<Extract<Step, { do: K }>[F]> },
) {
  return fc.record({ do: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Step>
}

export const history: fc.Arbitrary<History> = fc
  .constantFrom(...CURRENCIES)
  .chain(currency =>
    fc.record({
      settings: fc
        .record({
          terms: terms(),
          timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'Pacific/Apia', 'America/Los_Angeles', 'Australia/Lord_Howe'),
          minPayoutAmount: minimum(currency),
          cookieDurationDays: fc.constantFrom(30, 1),
          payAfterDeactivation: fc.boolean(),
        })
        .map(({ terms, ...rest }) => ({ currency, ...rest, ...terms })),
      sales: sales(currency),
      refunds: many(OTHERS, i => ({
        sale: mostly(fc.constant(i), sale),
        amount: mostly<number | null>(
          amount.map(each => Math.min(each + 1, MAX_MINOR)),
          fc.constant(null),
          4,
        ),
      })),
      totals: many(OTHERS, i => ({ sale: mostly(fc.constant(i), sale), amount, at: second })),
      failures: many(OTHERS, i => ({ sale: mostly(fc.constant(i), sale), isNamed: fc.boolean(), amount, at: second })),
      disputes: many(2, i => ({
        sale: mostly(fc.constant(i), sale),
        amount,
        at: second,
        ends: fc.tuple(fc.constantFrom<('lost' | 'won')[]>('lost', 'won'), fc.constantFrom<('lost' | 'won')[]>('lost', 'won')),
      })),
      steps: steps(currency),
      shuffle: mostly<number | null>(fc.constant(null), fc.nat(), 4),
    }),
  )
  .map(({ failures, ...rest }) => ({
    ...rest,
    // A refund fails once, and whole.
    failures: failures.map(({ isNamed, ...each }, refund) => {
      const { sale, amount } = rest.refunds[refund] as Refund
      const { amount: paid, discount } = rest.sales[sale] as Sale
      return isNamed ? { ...each, refund, sale, amount: amount ?? paid - discount } : { ...each, refund: null }
    }),
  }))

/** As many as that, each made by its place. */
function many<T>(count: number, fields: (place: number) => { [F in keyof T]: fc.Arbitrary<T[F]> }): fc.Arbitrary<T[]> {
  return fc.tuple(...Array.from({ length: count }, (_, i) => fc.record(fields(i)))) as unknown as fc.Arbitrary<T[]>
}
