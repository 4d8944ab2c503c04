import { plans } from '../sites/kilnhouse/plans.ts'
import type { Applicant, Company, Person, Promoter } from './company.ts'

const jane: Promoter = {
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

const promoters: Promoter[] = [
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

const applicants: Applicant[] = [
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

// The yearly plan is as often bought as the others.
const sells = plans.flatMap(plan => [
  { name: plan.name, amount: plan.amount, currency: plan.currency, everyMonth: plan.per === 'month' },
  { name: plan.name, amount: plan.amount, currency: plan.currency, everyMonth: plan.per === 'month' },
])

const ruth: Person = {
  id: 'ruth',
  role: 'customer',
  name: 'Ruth Klein',
  email: 'ruth@example.com',
  planId: 'pro-yearly',
  about: 'A customer who has invited friends. May yet apply.',
}

const people: Person[] = [
  { ...who(jane), id: 'jane', role: 'partner', planId: 'studio-monthly', about: 'A partner. See her dashboard.' },
  ruth,
  {
    id: 'noor',
    role: 'pending',
    name: 'Noor Haddad',
    email: 'noor@example.com',
    planId: 'studio-monthly',
    about: 'Has applied to be a partner.',
  },
  {
    id: 'derek',
    role: 'rejected',
    name: 'Derek Cole',
    email: 'derek@example.com',
    planId: null,
    about: 'Applied to be a partner and was turned down.',
  },
  { ...who(rick), id: 'rick', role: 'former', planId: null, about: 'Was a partner for a while.' },
]

function who({ name, email }: Promoter) {
  return { name, email }
}

export const kilnhouse: Company = {
  name: 'Kilnhouse',
  settings: {
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    mode: 'test',
    rewards: { enabled: true, referrerCredits: 10, referredCredits: 5, maxPerReferrer: 4 },
    brand: {
      accent: '#2b46c8',
      applyFields: [
        {
          name: 'audience',
          label: 'How many potters hear from you?',
          type: 'select',
          options: ['A few', 'Hundreds', 'Thousands', 'Tens of thousands'],
        },
      ],
    },
  },
  sells,
  paths: ['/', '/', '/', '/pricing'],
  chance: 20,
  promoters,
  applicants,
  refers: ruth,
  corners: {
    fresh: {
      id: 'ines',
      name: 'Ines Duarte',
      email: 'ines@example.com',
      code: 'INES',
      about: 'A partner since today, with nothing to show yet.',
    },
    below: {
      id: 'bruno',
      name: 'Bruno Falk',
      email: 'bruno@example.com',
      code: 'FALK',
      about: 'A partner whose sale was refunded after it was paid out.',
    },
    vast: {
      id: 'greta',
      name: 'Greta Vandersloot',
      email: 'greta@example.com',
      code: 'GRETA',
      about: 'A partner with sums of nine digits.',
    },
    long: {
      id: 'wilhelmina',
      name: 'Wilhelmina Konstantinopolskaya-Featherstonehaugh von Hohenzollern-Sigmaringen II',
      email: 'wilhelmina.konstantinopolskaya.featherstonehaugh@sigmaringen-porcelain.example.com',
      code: 'WILHELMINA-KONSTANTINOPOLSKAYA-FEATHERSTONEHAUGH',
      about: 'A partner with a name of eighty characters, and products with such names.',
      products: [
        'Wood-fired reduction kiln, front-loading, with automatic damper and sensors, 40L',
        'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
      ],
    },
    currencies: {
      id: 'yuki',
      name: 'Yuki Mori',
      email: 'yuki@example.com',
      code: 'YUKI',
      about: 'A partner who is paid in ten currencies.',
    },
  },
  people,
}
