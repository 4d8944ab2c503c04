import type { Company, Product, Promoter } from '../companies/company.ts'

export const DAYS = 60
/** The days on which partners are paid. */
export const PAYDAYS = [38, 52] as const
/** Morning, noon and evening, in hours. */
const PARTS = [9, 13, 19]
export const STEPS = DAYS * PARTS.length

export type Click = { visit: number; code: string; url: string }
export type SignUp = { visit: number; code: string; customerId: string; email: string }
export type Sale = { order: string; customerId: string; product: Product }

/** A third of a day, in the order in which it is lived: people come, some sign up, some of those pay. */
export type Step = { day: number; hour: number; clicks: Click[]; signUps: SignUp[]; sales: Sale[] }

// Monday first: people buy at work, not on Saturdays.
const WEEKDAYS = [1.05, 1.1, 1.15, 1.05, 0.9, 0.6, 0.75]
const MONTH = 30 * PARTS.length

/** What happens in sixty days, made up but always the same for the same first day. */
export function story(company: Company, { siteUrl, firstDay }: { siteUrl: string; firstDay: Date }): Step[] {
  const { promoters, paths, sells } = company
  const chance = numbers(company.chance)
  const steps: Step[] = Array.from({ length: STEPS }, (_, index) => ({
    day: Math.floor(index / PARTS.length),
    hour: PARTS[index % PARTS.length] as number,
    clicks: [],
    signUps: [],
    sales: [],
  }))
  let visit = 0
  let customers = 0

  for (const promoter of promoters) {
    for (const [index, step] of steps.entries()) {
      if (step.day <= promoter.joins || step.day >= (promoter.leaves ?? DAYS)) continue
      const weekday = (firstDay.getUTCDay() + 6 + step.day) % 7
      for (let nth = clicksIn(promoter, step.day, weekday); nth > 0; nth--) {
        visit++
        step.clicks.push({ visit, code: promoter.code, url: `${siteUrl}${pick(paths)}?ref=${promoter.code}` })
        if (chance() < promoter.signUpShare) signUp(promoter, index)
      }
    }
  }
  return steps

  function clicksIn({ clicks: [from, to], joins, leaves = DAYS }: Promoter, day: number, weekday: number) {
    const grown = from + ((to - from) * (day - joins)) / (leaves - joins)
    const expected = (grown * (WEEKDAYS[weekday] as number) * (0.6 + 0.8 * chance())) / PARTS.length
    return Math.floor(expected + chance())
  }

  function signUp(promoter: Promoter, clickedAt: number) {
    const at = clickedAt + Math.floor(chance() ** 3 * 9)
    const customerId = `customer_${String(++customers).padStart(4, '0')}`
    steps[at]?.signUps.push({ visit, code: promoter.code, customerId, email: `${customerId}@example.com` })
    if (chance() >= promoter.saleShare) return
    const paidAt = at + Math.floor(chance() ** 2 * 20)
    const product = pick(sells)
    const every = product.everyMonth ? MONTH : Number.POSITIVE_INFINITY
    for (let due = paidAt, nth = 1; due < STEPS; due += every, nth++) {
      steps[due]?.sales.push({ order: `order_${customerId}_${nth}`, customerId, product })
    }
  }

  function pick<T>(list: T[]) {
    return list[Math.floor(chance() * list.length)] as T
  }
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
function numbers(state: number) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
