import type { Promoter } from './cast.ts'

export const DAYS = 60
/** Morning, noon and evening, in hours. */
const PARTS = [9, 13, 19]
export const STEPS = DAYS * PARTS.length

export type Click = { visit: number; code: string; url: string }
export type SignUp = { visit: number; code: string; customerId: string; email: string }
export type Sale = { order: string; customerId: string; planId: string }

/** A third of a day, in the order in which it is lived: people come, some sign up, some of those pay. */
export type Step = { day: number; hour: number; clicks: Click[]; signUps: SignUp[]; sales: Sale[] }

// Monday first: people look for studio software at work, not on Saturdays.
const WEEKDAYS = [1.05, 1.1, 1.15, 1.05, 0.9, 0.6, 0.75]
const PATHS = ['/', '/', '/', '/pricing']
const PLANS = ['studio-monthly', 'studio-monthly', 'workshop-monthly', 'workshop-monthly', 'pro-yearly', 'pro-yearly']
const MONTH = 30 * PARTS.length

/** What happens in sixty days, made up but always the same for the same first day. */
export function story(promoters: Promoter[], { siteUrl, firstDay }: { siteUrl: string; firstDay: Date }): Step[] {
  const chance = numbers(20)
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
        step.clicks.push({ visit, code: promoter.code, url: `${siteUrl}${pick(PATHS)}?ref=${promoter.code}` })
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
    const customerId = `studio_${String(++customers).padStart(4, '0')}`
    steps[at]?.signUps.push({ visit, code: promoter.code, customerId, email: `${customerId}@example.com` })
    if (chance() >= promoter.saleShare) return
    const paidAt = at + Math.floor(chance() ** 2 * 20)
    const planId = pick(PLANS)
    const every = planId.endsWith('-monthly') ? MONTH : Number.POSITIVE_INFINITY
    for (let due = paidAt, nth = 1; due < STEPS; due += every, nth++) {
      steps[due]?.sales.push({ order: `order_${customerId}_${nth}`, customerId, planId })
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
