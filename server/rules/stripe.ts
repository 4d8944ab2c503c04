import { exponent } from '../contract/money.ts'
import type { StripeInvoice, StripeSession } from '../contract/stripe.ts'

// Stripe counts these in hundredths, although they have none, and this one whole, although it has.
const inHundredths = ['ISK', 'UGX']
const inWhole = ['MGA']

/** An amount as Stripe sends it in minor units as they are kept here: 500 JPY is 500, 500 ISK is 5, 1230 KWD is 1.230. */
export function minorOf(amount: number, currency: string) {
  if (inHundredths.includes(currency)) return divided(amount, 1, 100)
  return inWhole.includes(currency) ? amount * 10 ** exponent(currency) : amount
}

/** What was paid, and how much of it is no commission's base: tax and shipping. */
export type Paid = { amount: number; outside: number }

/**
 * What an invoice's customer paid, and how much of that is tax and shipping. Discounts and prorations are out of `total`
 * already. What a credit has paid counts for nothing: 120.00 with 20.00 tax, of which a credit has paid 60.00, is 60.00 with
 * 10.00 tax.
 */
export function paidByInvoice(
  invoice: Pick<StripeInvoice, 'amount_paid' | 'total' | 'tax' | 'total_tax_amounts' | 'total_taxes' | 'shipping_cost'>,
): Paid {
  const { amount_paid: amount, total } = invoice
  const taxes = invoice.total_taxes ?? invoice.total_tax_amounts
  const tax = taxes?.length ? taxes.reduce((sum, each) => sum + each.amount, 0) : (invoice.tax ?? 0)
  return shareOf({ amount, total: total ?? amount, outside: tax + shippingOf(invoice.shipping_cost) })
}

/** The same for a checkout that was paid without an invoice. */
export function paidBySession({
  amount_total,
  total_details,
  shipping_cost,
}: Pick<StripeSession, 'amount_total' | 'total_details' | 'shipping_cost'>): Paid {
  const amount = amount_total ?? 0
  const shipping = shipping_cost ? shippingOf(shipping_cost) : (total_details?.amount_shipping ?? 0)
  return shareOf({ amount, total: amount, outside: (total_details?.amount_tax ?? 0) + shipping })
}

// The tax on shipping is in the tax.
function shippingOf(cost: StripeInvoice['shipping_cost']) {
  if (!cost) return 0
  return cost.amount_total === null ? (cost.amount_subtotal ?? 0) : cost.amount_total - (cost.amount_tax ?? 0)
}

function shareOf({ amount, total, outside }: Paid & { total: number }): Paid {
  const share = amount < total && total > 0 ? divided(outside, amount, total) : outside
  return { amount, outside: Math.min(Math.max(share, 0), Math.max(amount, 0)) }
}

/** amount × part ÷ whole, rounded half to even. */
function divided(amount: number, part: number, whole: number) {
  const [product, divisor] = [BigInt(amount) * BigInt(part), BigInt(whole)]
  const [down, rest] = [product / divisor, (product % divisor) * 2n]
  return Number(rest > divisor || (rest === divisor && down % 2n !== 0n) ? down + 1n : down)
}

/** The product that an invoice is for: that of its largest line, of which prorations come last. Null where no line names one. */
export function productOf({ lines }: Pick<StripeInvoice, 'lines'>) {
  const named = (lines?.data ?? []).flatMap(({ amount, proration, pricing, price, plan }) => {
    const product = pricing?.price_details?.product ?? price?.product ?? plan?.product ?? null
    return product === null ? [] : [{ product, amount: amount ?? 0, isProration: proration === true }]
  })
  const [first] = named.sort((a, b) => Number(a.isProration) - Number(b.isProration) || b.amount - a.amount)
  return first?.product ?? null
}

/** Every id under which a payment by invoice may be told of, the invoice's first. */
export function namesOfInvoice({
  id,
  payment_intent,
  charge,
  payments,
}: Pick<StripeInvoice, 'id' | 'payment_intent' | 'charge' | 'payments'>) {
  const paid = (payments?.data ?? []).flatMap(({ payment }) => [payment?.payment_intent, payment?.charge])
  return [...new Set([id, payment_intent, charge, ...paid].filter(each => each != null))]
}

type Discounts = NonNullable<StripeSession['discounts']>

/** The words by which discounts may be known: promotion codes by Stripe's id, and what may be a partner's code. */
export function codesIn(discounts: readonly (Discounts[number] | null | undefined)[]) {
  const promotionIds: string[] = []
  const words: string[] = []
  for (const discount of discounts) {
    if (!discount || typeof discount === 'string') continue
    const { promotion_code: promotion } = discount
    if (typeof promotion === 'string') promotionIds.push(promotion)
    else if (promotion) {
      promotionIds.push(promotion.id)
      if (promotion.code) words.push(promotion.code)
    }
    const coupon = discount.coupon ?? discount.source?.coupon
    if (typeof coupon === 'string') words.push(coupon)
    else if (coupon) words.push(...[textIn(coupon.metadata, 'mislata_code'), coupon.id, coupon.name].filter(each => each != null))
  }
  return { promotionIds, words }
}

/**
 * What a checkout says of who brought its customer: `client_reference_id` or `mislata_ref` is a code, a click's id, or both,
 * with a dot between them or, as Stripe has it, a hyphen or an underscore.
 */
export function refIn({ client_reference_id: reference, metadata }: Pick<StripeSession, 'client_reference_id' | 'metadata'>) {
  const ref = textIn(metadata, 'mislata_ref') ?? reference?.trim() ?? ''
  const [, code, click] = /^(?:(.+)[._-])?(clk_[A-Za-z0-9]+)$/.exec(ref) ?? []
  const clickId = textIn(metadata, 'mislata_click') ?? click
  if (code && click) return { ref: `${code}.${click}`, ...(clickId && clickId !== click && { clickId }) }
  return { ...(ref && !click && { ref }), ...(clickId && { clickId }) }
}

/** A word in Stripe's metadata, where it is one. */
export function textIn(metadata: Record<string, unknown> | null | undefined, name: string) {
  const value = metadata?.[name]
  const text = typeof value === 'string' ? value.trim() : ''
  return text && text.length <= 255 && text.isWellFormed() && !text.includes('\0') ? text : null
}
