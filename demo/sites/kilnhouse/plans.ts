import type { Customer } from '../../backend/books.ts'

/** What Kilnhouse sells: 24.00 or 49.00 EUR a month, or 598.00 a year. Amounts are minor units; a partner reads the name on the dashboard. */
export type Plan = {
  id: string
  name: string
  amount: number
  currency: string
  per: 'month' | 'year'
  promise: string
  holds: string[]
}

export const plans: Plan[] = [
  {
    id: 'studio-monthly',
    name: 'Studio, monthly',
    amount: 2_400,
    currency: 'EUR',
    per: 'month',
    promise: 'For one teacher, one kiln and a full Tuesday.',
    holds: ['Classes with waiting lists', 'Payments by card', 'One kiln, shelf by shelf', 'Reminders by mail'],
  },
  {
    id: 'workshop-monthly',
    name: 'Workshop, monthly',
    amount: 4_900,
    currency: 'EUR',
    per: 'month',
    promise: 'For a shared workshop where people come and go.',
    holds: ['Everything in Studio', 'Open-studio hours', 'Clay and firings on one bill', 'Three kilns'],
  },
  {
    id: 'pro-yearly',
    name: 'Pro, yearly',
    amount: 59_800,
    currency: 'EUR',
    per: 'year',
    promise: 'For studios with staff and more than one door.',
    holds: ['Everything in Workshop', 'Memberships', 'Any number of kilns and teachers', 'Accounts your bookkeeper can read'],
  },
]

export function planById(id: string) {
  return plans.find(plan => plan.id === id)
}

/** 59800 EUR reads €598.00. */
export function price(amount: number, currency: string) {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency }).format(amount / 100)
}

/** The plan that a customer is on, if it pays for one. */
export function planOf(customer: Customer) {
  return plans.find(plan => plan.id === customer.planId)
}
