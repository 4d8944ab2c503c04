/** What Kilnhouse sells. Amounts are minor units; a partner reads the name on the dashboard. */
export type Plan = {
  id: string
  name: string
  amount: number
  currency: string
  per: 'month' | 'year'
  promise: string
  holds: string[]
}

export const pro: Plan = {
  id: 'pro-yearly',
  name: 'Pro, yearly',
  amount: 59_800,
  currency: 'EUR',
  per: 'year',
  promise: 'For studios with staff, members and more than one kiln.',
  holds: [
    'Everything in Studio',
    'Memberships and open-studio hours',
    'Any number of kilns and teachers',
    'Accounts your bookkeeper can read',
  ],
}

export const studio: Plan = {
  id: 'studio-monthly',
  name: 'Studio, monthly',
  amount: 2_400,
  currency: 'EUR',
  per: 'month',
  promise: 'For one teacher, one kiln and a full Tuesday.',
  holds: ['Classes with waiting lists', 'Payments by card', 'One kiln, shelf by shelf', 'Reminders by mail'],
}

export const plans = [studio, pro]

export function planById(id: string) {
  return plans.find(plan => plan.id === id)
}

/** 59800 EUR reads €598.00. */
export function price(amount: number, currency: string) {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency }).format(amount / 100)
}
