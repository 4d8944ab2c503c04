import type { Applicant, Company, Person, Promoter } from './company.ts'

const mo: Promoter = {
  customerId: 'mo',
  name: 'Mo Adeyemi',
  email: 'mo@example.com',
  code: 'MOFRAG',
  website: 'https://mofrag.example.com',
  reason: 'I stream retakes four nights a week. 9,000 people in chat ask what I host on.',
  joins: 0,
  clicks: [5, 9],
  signUpShare: 0.09,
  saleShare: 0.6,
}

const zed: Promoter = {
  customerId: 'zed',
  name: 'Zed Kowalski',
  email: 'zed@example.com',
  code: 'ZEDHOST',
  website: 'https://zedhost.example.com',
  reason: 'Modpack guides.',
  joins: 8,
  leaves: 30,
  clicks: [3, 2],
  signUpShare: 0.04,
  saleShare: 0.4,
}

const lin: Promoter = {
  name: 'Lin Zhao',
  email: 'lin@example.com',
  code: 'LINWALKS',
  website: 'https://linwalks.example.com',
  reason: 'Speedruns, and the servers to race on.',
  joins: 6,
  clicks: [2, 4],
  signUpShare: 0.06,
  saleShare: 0.5,
}

const applicants: Applicant[] = [
  {
    name: 'Cass Oduya',
    email: 'cass@example.com',
    website: 'https://cheapslots.example.com',
    reason: 'Comparison tables of slot prices.',
    applies: 36,
    refusal: 'Your page lists us next to booters. Take those down and we will talk again.',
  },
  {
    name: 'Petra Novak',
    email: 'petra@example.com',
    website: 'https://lanhall.example.com',
    reason: 'I run the LAN hall in Brno: 80 seats, two finals a month.',
    applies: 57,
  },
]

const sam: Person = {
  id: 'sam',
  role: 'customer',
  name: 'Sam Whitlock',
  email: 'sam@example.com',
  planId: 'HX-3',
  about: 'A customer who has invited friends. May yet apply.',
}

const people: Person[] = [
  { id: 'mo', role: 'partner', name: mo.name, email: mo.email, planId: 'HX-9', about: 'A partner.' },
  sam,
  {
    id: 'petra',
    role: 'pending',
    name: 'Petra Novak',
    email: 'petra@example.com',
    planId: 'HX-3',
    about: 'Has applied to be a partner.',
  },
  {
    id: 'cass',
    role: 'rejected',
    name: 'Cass Oduya',
    email: 'cass@example.com',
    planId: null,
    about: 'Applied to be a partner and was turned down.',
  },
  { id: 'zed', role: 'former', name: zed.name, email: zed.email, planId: null, about: 'Was a partner for a while.' },
]

export const hexrack: Company = {
  name: 'Hexrack',
  settings: {
    currency: 'USD',
    timeZone: 'America/New_York',
    mode: 'test',
    defaultCommissionRate: 25,
    holdingPeriodDays: 14,
    attribution: 'first',
    rewards: { enabled: true, referrerCredits: 250, referredCredits: 250, maxPerReferrer: 4 },
    brand: {
      accent: '#c6f135',
      termsUrl: 'https://hexrack.example.com/terms',
      applyFields: [{ name: 'where', label: 'Where do people watch you?', type: 'url', required: true }],
    },
  },
  sells: [
    { name: 'HX-1', amount: 2_900, currency: 'USD', everyMonth: true },
    { name: 'HX-3', amount: 7_900, currency: 'USD', everyMonth: true },
    { name: 'HX-9', amount: 39_000, currency: 'USD', everyMonth: true },
  ],
  paths: ['/', '/', '/partners'],
  chance: 77,
  promoters: [mo, lin, zed],
  applicants,
  answers: { where: 'https://watch.example.com' },
  refers: sam,
  corners: {
    fresh: {
      id: 'nia',
      name: 'Nia Brandt',
      email: 'nia@example.com',
      code: 'NIA',
      about: 'A partner since today, with nothing to show yet.',
    },
    below: {
      id: 'ivo',
      name: 'Ivo Marsh',
      email: 'ivo@example.com',
      code: 'IVO',
      about: 'A partner whose sale was refunded after it was paid out.',
    },
    vast: {
      id: 'max',
      name: 'Max Overmeer',
      email: 'max@example.com',
      code: 'OVERMEER',
      about: 'A partner with sums of nine digits.',
    },
    long: {
      id: 'xx',
      name: 'xXx_The.Legendary-Headshot-Collectors-Of-The-Northern-Hemisphere_2011-Return_xXx',
      email: 'the.legendary.headshot.collector.of.the.northern.hemisphere@reloaded.example.com',
      code: 'THE-LEGENDARY-HEADSHOT-COLLECTOR-OF-THE-NORTHERN-HEMISPHERE-2011',
      about: 'A partner with a name of eighty characters, and products with such names.',
      products: [
        'HX-9/EPYC-9754-128C-256T/1536GB-DDR5-ECC/8x15.36TB-NVMe-U.3/2x100GbE/FRA2-RACK17',
        'Dedicated tournament package with admins, anti-cheat, overlays and referee pool',
      ],
    },
    currencies: {
      id: 'aya',
      name: 'Aya Lindqvist',
      email: 'aya@example.com',
      code: 'AYA',
      about: 'A partner who is paid in ten currencies.',
    },
  },
  people,
}
