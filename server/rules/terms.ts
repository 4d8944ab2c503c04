import { toPpm } from '../contract/money.ts'
import type { Settings } from '../contract/programs.ts'

/** What a referral earns for as long as it lives: kept with it, so that a later change of the rules leaves it alone. */
export type Terms = {
  rule: 'percent' | 'flat'
  from: 'partner' | 'program'
  ratePpm: number
  flatAmount: number
  flatCurrency: string
  products: { productId: string; ratePpm: number }[]
  recurringMonths: number | null
  recurringPayments: number | null
  maxPerCustomer: number | null
  holdingPeriodDays: number
}

/** The terms that hold for a referral made now. A partner's own rate goes before everything the program says. */
export function termsFor(settings: Settings, partnerRatePpm: number | null): Terms {
  const { commission } = settings
  const own = partnerRatePpm !== null
  return {
    rule: own ? 'percent' : commission.type,
    from: own ? 'partner' : 'program',
    ratePpm: partnerRatePpm ?? toPpm(settings.defaultCommissionRate),
    flatAmount: commission.flatAmount ?? 0,
    flatCurrency: settings.currency,
    products: own ? [] : commission.products.map(each => ({ productId: each.productId, ratePpm: toPpm(each.rate) })),
    recurringMonths: commission.recurringMonths,
    recurringPayments: commission.recurringPayments,
    maxPerCustomer: commission.maxPerCustomer,
    holdingPeriodDays: settings.holdingPeriodDays,
  }
}
