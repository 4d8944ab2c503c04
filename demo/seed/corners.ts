import { forAll } from './client.ts'
import type { World } from './live.ts'
import { partnership } from './partnership.ts'
import { PAYDAYS } from './story.ts'

/** What a sale comes to in the minor units of each. */
const SALES: Record<string, number> = {
  EUR: 59_800,
  USD: 64_900,
  GBP: 51_900,
  JPY: 98_000,
  BRL: 349_000,
  KWD: 199_500,
  SEK: 689_000,
  CHF: 57_500,
  INR: 5_490_000,
  AED: 238_000,
}

/** 123,456,789.00, in minor units. */
const VAST = 12_345_678_900

/** What the partners live through whom a dashboard must look well for: resolves when all of a day's is done. */
export function lifeOf(world: World) {
  const { company, secret, session } = world
  const { corners, settings } = company
  const { enter } = partnership(world)
  const currency = String(settings.currency)
  const holding = Number(settings.holdingPeriodDays ?? 30)
  const vast = VAST / (Number(settings.defaultCommissionRate ?? 20) / 100)
  const dearest = company.sells.toSorted((a, b) => b.amount - a.amount)[0]
  const { fresh, ...early } = corners

  const days: Record<number, () => Promise<unknown>> = {
    2: () => forAll(Object.values(early), one => enter({ ...one, customerId: one.id })),
    3: async () => {
      await forAll(Object.values(early), each => secret.post('/v1/referrals', { code: each.code, customerId: buyerOf(each) }))
      await sell('below', 1, {})
      await sell('vast', 1, { amount: vast })
      await inEveryCurrency(1)
    },
    5: () => sell('long', 1, { amount: 129_900, productId: corners.long.products[0] }),
    12: async () => {
      await sell('long', 2, { amount: 88_800, productId: corners.long.products[1] })
      await inEveryCurrency(2)
    },
    // Approved on the day after the last pay day, so that it waits for the next.
    [PAYDAYS[1] + 1 - holding]: () => sell('vast', 2, { amount: vast }),
    41: longNames,
    45: () => secret.post('/v1/refunds', { externalId: 'refund_below', conversionExternalId: 'corner_below_1' }),
    50: async () => {
      await sell('vast', 3, { amount: vast })
      await sell('long', 3, { amount: 129_900, productId: corners.long.products[0] })
      await sell('below', 2, { amount: company.sells[0]?.amount, productId: company.sells[0]?.name })
      await inEveryCurrency(3)
    },
    59: () => enter({ ...fresh, customerId: fresh.id }),
  }
  return async (day: number) => days[day]?.()

  function sell(who: keyof typeof early, nth: number, sale: { amount?: number | undefined; productId?: string | undefined }) {
    const order = { externalId: `corner_${who}_${nth}`, customerId: buyerOf(early[who]) }
    return secret.post('/v1/conversions', { amount: dearest?.amount, currency, productId: dearest?.name, ...order, ...sale })
  }

  function inEveryCurrency(nth: number) {
    const customerId = buyerOf(corners.currencies)
    const ten = Object.entries({ [currency]: dearest?.amount, ...SALES }).slice(0, 10)
    return forAll(ten, ([code, amount]) =>
      secret.post('/v1/conversions', {
        externalId: `corner_${code}_${nth}`,
        customerId,
        amount,
        currency: code,
        productId: dearest?.name,
      }),
    )
  }

  async function longNames() {
    const partner = await session(corners.long.id)
    const [first, second] = corners.long.products
    await partner.post('/v1/affiliate/codes', { label: first })
    await partner.post('/v1/affiliate/deals', { leadName: corners.long.name, leadEmail: 'lead@example.com', notes: second })
  }
}

function buyerOf({ id }: { id: string }) {
  return `buyer_of_${id}`
}
