import type { Customer } from '../site/books.ts'

/** Somebody who sends visitors. Days count from the first of the sixty; clicks a day grow from the one to the other. */
export type Promoter = {
  customerId?: string
  name: string
  email: string
  code: string
  website: string
  reason: string
  /** Percent, where it is another than the program's. */
  rate?: number
  /** Entered by the company instead of applying. */
  invited?: true
  joins: number
  leaves?: number
  clicks: [number, number]
  signUpShare: number
  saleShare: number
}

export type Applicant = { name: string; email: string; website: string; reason: string; applies: number; refusal?: string }

export const jane: Promoter = {
  customerId: 'jane',
  name: 'Jane Smith',
  email: 'jane@example.com',
  code: 'JANE20',
  website: 'https://slow-wheel.example.com',
  reason: 'The Slow Wheel, a newsletter for 12,000 people who throw pots.',
  joins: 0,
  clicks: [4, 17],
  signUpShare: 0.085,
  saleShare: 0.55,
}

const rick: Promoter = {
  customerId: 'rick',
  name: 'Rick Dunn',
  email: 'rick@example.com',
  code: 'CLAYDEALS',
  website: 'https://claydeals.example.com',
  reason: 'A page with offers for hobby potters.',
  joins: 9,
  leaves: 34,
  clicks: [6, 3],
  signUpShare: 0.03,
  saleShare: 0.3,
}

export const promoters: Promoter[] = [
  jane,
  {
    name: 'Tomás Rivera',
    email: 'tomas@example.com',
    code: 'CLAYCAST',
    website: 'https://claycast.example.com',
    reason: 'A podcast on clay, every second Thursday.',
    rate: 25,
    invited: true,
    joins: 3,
    clicks: [6, 9],
    signUpShare: 0.07,
    saleShare: 0.5,
  },
  {
    name: 'Aiko Tanaka',
    email: 'aiko@example.com',
    code: 'GLAZELAB',
    website: 'https://glazelab.example.com',
    reason: 'Videos on glazes, 40,000 subscribers.',
    joins: 12,
    clicks: [3, 12],
    signUpShare: 0.05,
    saleShare: 0.45,
  },
  {
    name: 'Priya Nair',
    email: 'priya@example.com',
    code: 'WHEELANDCO',
    website: 'https://wheelandco.example.com',
    reason: 'We sell wheels and meet every new studio.',
    rate: 15,
    invited: true,
    joins: 20,
    clicks: [2, 3],
    signUpShare: 0.14,
    saleShare: 0.7,
  },
  {
    name: 'Oskar Lind',
    email: 'oskar@example.com',
    code: 'OSKAR',
    website: 'https://oskar.example.com',
    reason: 'A diary of my first studio.',
    joins: 41,
    clicks: [1, 2],
    signUpShare: 0.06,
    saleShare: 0.5,
  },
  rick,
]

export const applicants: Applicant[] = [
  {
    name: 'Derek Cole',
    email: 'derek@example.com',
    website: 'https://coupons.example.com',
    reason: 'We list coupons for 2,000 shops.',
    applies: 38,
    refusal: 'We work with people who teach pottery or write about it. A coupon page does not fit, sorry.',
  },
  {
    name: 'Noor Haddad',
    email: 'noor@example.com',
    website: 'https://noor.example.com',
    reason: 'I teach handbuilding in three towns and studios ask me what to use.',
    applies: 56,
  },
  {
    name: 'Paul Weber',
    email: 'paul@example.com',
    website: 'https://kiln-repair.example.com',
    reason: 'I mend kilns. Every second studio I visit keeps its classes on paper.',
    applies: 58,
  },
]

/** The customers of Kilnhouse whom a visitor of the demonstration may be. */
export const people: Customer[] = [
  { id: 'jane', name: jane.name, email: jane.email, planId: 'studio-monthly', about: 'A partner. See her dashboard.' },
  {
    id: 'noor',
    name: 'Noor Haddad',
    email: 'noor@example.com',
    planId: 'studio-monthly',
    about: 'Has applied to be a partner.',
  },
  {
    id: 'derek',
    name: 'Derek Cole',
    email: 'derek@example.com',
    planId: null,
    about: 'Applied to be a partner and was turned down.',
  },
  { id: 'rick', name: rick.name, email: rick.email, planId: null, about: 'Was a partner for a while.' },
  { id: 'ruth', name: 'Ruth Klein', email: 'ruth@example.com', planId: 'pro-yearly', about: 'A customer. May yet apply.' },
]
