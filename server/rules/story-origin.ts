import type { SaleWhy } from '../contract/affiliate.ts'
import { exponent } from '../contract/money.ts'
import type { Step } from '../contract/story.ts'
import { earned, shown } from './commission.ts'
import { type Facts, said, when } from './story-facts.ts'
import type { Terms } from './terms.ts'

/** The steps from the click to the sum that was booked. */
export function originOf(facts: Facts): Step[] {
  const { commission, why } = facts
  const steps = why.kind === 'adjustment' ? [corrected(facts, why)] : [...brought(facts), ...sold(facts, why)]
  const { id, period, currency, availableAt, createdAt } = commission
  const first = facts.transactions.find(each => each.kind === 'commission_earned' || each.kind === 'commission_adjusted')
  const amount = first?.gained ?? commission.amount
  const text = `${shown(amount, currency)} was booked at ${when(createdAt)} in the month ${period}, to be paid from ${when(availableAt)}.`
  return [...steps, said({ step: 'booked', at: createdAt, object: id, transactionId: first?.id ?? null, amount, currency, text })]
}

function corrected(
  { commission, correctedBy }: Facts,
  { note, imported }: { note: string; imported?: string | undefined },
): Step {
  const { id, partnerId, amount, currency, createdAt } = commission
  if (imported)
    return said({ step: 'correction', at: createdAt, object: id, amount, currency, text: `It was not earned here. ${note}.` })
  const by = correctedBy ? ` by ${correctedBy}` : ''
  const text = `The balance of partner ${partnerId} was corrected${by}, by ${shown(amount, currency)}: “${note}”.`
  return said({ step: 'correction', at: createdAt, object: id, amount, currency, text })
}

function brought({ click, referral, why }: Facts): Step[] {
  const steps: Step[] = []
  if (click) {
    const from = click.referrer ? ` from ${click.referrer}` : ''
    const campaign = click.campaign ? `, in the campaign ${click.campaign}` : ''
    const text = `At ${when(click.at)} a visitor came${from} by a link${campaign} (click ${click.id}).`
    steps.push(said({ step: 'click', at: click.at, object: click.id, text }))
  } else if (why.kind === 'sale') {
    const text = why.clickId ? `The click ${why.clickId} is not kept any more.` : 'No click is known: the code itself was given.'
    steps.push(said({ step: 'click', object: why.clickId, text }))
  }
  if (referral) {
    const { id, customerId, code, createdAt: at } = referral
    const text = `At ${when(at)} customer ${customerId} was bound to the code ${code} (referral ${id}).`
    steps.push(said({ step: 'signup', at, object: id, text }))
  }
  return steps
}

function sold({ sale, referral, commission, transactions }: Facts, why: SaleWhy): Step[] {
  if (!sale || !referral) return []
  const { terms } = referral
  const { amount, currency } = sale
  const late =
    sale.createdAt.slice(0, 16) === sale.occurredAt.slice(0, 16) ? '' : `, and it was reported at ${when(sale.createdAt)}`
  const paid = `At ${when(sale.occurredAt)} the customer paid ${shown(amount, currency)} (payment ${sale.externalId})${late}.`
  const line = earned(sale, terms)
  const steps = [
    said({ step: 'payment', at: sale.occurredAt, object: sale.id, amount, currency, text: paid }),
    said({
      step: 'terms',
      at: referral.createdAt,
      object: referral.id,
      text: `The terms of the signup hold: ${termsText(terms, why)}.`,
    }),
    said({
      step: 'formula',
      object: commission.id,
      amount: line.amount,
      currency: line.currency,
      text: formulaText(sale, why, line),
    }),
  ]
  const booked = transactions.find(each => each.kind === 'commission_earned')?.gained ?? commission.amount
  if (booked === line.amount) return steps
  const text = `The limits of the terms leave ${shown(booked, line.currency)} of that.`
  return [...steps, said({ step: 'limits', object: referral.id, amount: booked, currency: line.currency, text })]
}

type Sale = NonNullable<Facts['sale']>

function formulaText(
  { amount, tax, discount, currency }: Sale,
  { rate, base }: SaleWhy,
  line: { amount: number; currency: string },
) {
  const minus = `${shown(amount, currency)} − ${shown(tax, currency)} tax − ${shown(discount, currency)} discount = ${shown(base, currency)}`
  const earns = shown(line.amount, line.currency)
  if (rate === null) return `${minus} was left to pay; a sale earns ${earns}.`
  const exact = `${exactly(base, rate, currency)} ${currency}`
  return `${minus}; ${rate} % of that = ${exact === earns ? earns : `${exact}, rounded half to even ${earns}`}.`
}

function termsText(terms: Terms, { rule, ruleFrom, rate }: SaleWhy) {
  const whose = { program: "the program's general", partner: "the partner's own", product: "the product's own" }[ruleFrom]
  const what =
    rule === 'flat' ? `${shown(terms.flatAmount, terms.flatCurrency)} a sale, ${whose} rule` : `${rate} %, ${whose} rate`
  const limits = [
    terms.recurringPayments === null ? null : `the first ${terms.recurringPayments} payments of the customer`,
    terms.recurringMonths === null ? null : `payments within ${terms.recurringMonths} months of the first`,
    terms.maxPerCustomer === null ? null : `${shown(terms.maxPerCustomer, terms.flatCurrency)} a customer at most`,
  ].filter(each => each !== null)
  return [what, ...limits, `held back for ${terms.holdingPeriodDays} days`].join('; ')
}

/** So many percent of an amount to the last decimal: 20 % of 0.07 EUR is 0.014. */
function exactly(base: number, rate: number, currency: string) {
  const places = exponent(currency) + 6
  const product = BigInt(base) * BigInt(Math.round(rate * 10_000))
  const digits = product.toString().padStart(places + 1, '0')
  const whole = digits.slice(0, -places)
  const decimals = digits.slice(-places).replace(/0+$/, '').padEnd(exponent(currency), '0')
  return decimals ? `${whole}.${decimals}` : whole
}
