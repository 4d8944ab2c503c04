import type { Applicant, Company, Person, Promoter } from './company.ts'

const layla: Promoter = {
  customerId: 'layla',
  name: 'ليلى منصور',
  email: 'layla@example.com',
  code: 'LAYLA',
  website: 'https://layla-reads.example.com',
  reason: 'أكتب نشرة أسبوعية عن الرواية يقرؤها ثمانية آلاف.',
  joins: 0,
  clicks: [4, 8],
  signUpShare: 0.1,
  saleShare: 0.65,
}

const fares: Promoter = {
  customerId: 'fares',
  name: 'فارس حداد',
  email: 'fares@example.com',
  code: 'FARES',
  website: 'https://fares.example.com',
  reason: 'قناة عن الكتب القديمة.',
  joins: 7,
  leaves: 33,
  clicks: [2, 3],
  signUpShare: 0.05,
  saleShare: 0.4,
}

const nadi: Promoter = {
  name: 'نادي القرّاء',
  email: 'club@example.com',
  code: 'NADI',
  website: 'https://readers-club.example.com',
  reason: 'نلتقي كل خميس حول كتاب.',
  joins: 5,
  clicks: [1, 4],
  signUpShare: 0.08,
  saleShare: 0.6,
}

const applicants: Applicant[] = [
  {
    name: 'سامي عزّام',
    email: 'sami@example.com',
    website: 'https://pdf-books.example.com',
    reason: 'موقع لتحميل الكتب.',
    applies: 35,
    refusal: 'نعمل مع من يشتري الكتاب ويكتب عنه. موقعك ينشر كتبًا من دون إذن أصحابها، لذلك نعتذر.',
  },
  {
    name: 'هدى الشريف',
    email: 'huda@example.com',
    website: 'https://school-library.example.com',
    reason: 'أُشرف على مكتبات ست مدارس.',
    applies: 57,
  },
]

const omar: Person = {
  id: 'omar',
  role: 'customer',
  name: 'عمر بركات',
  email: 'omar@example.com',
  planId: null,
  about: 'A customer who has invited friends. May yet apply.',
}

const people: Person[] = [
  { id: 'layla', role: 'partner', name: layla.name, email: layla.email, planId: null, about: 'A partner.' },
  omar,
  {
    id: 'huda',
    role: 'pending',
    name: 'هدى الشريف',
    email: 'huda@example.com',
    planId: null,
    about: 'Has applied to be a partner.',
  },
  {
    id: 'sami',
    role: 'rejected',
    name: 'سامي عزّام',
    email: 'sami@example.com',
    planId: null,
    about: 'Applied to be a partner and was turned down.',
  },
  { id: 'fares', role: 'former', name: fares.name, email: fares.email, planId: null, about: 'Was a partner for a while.' },
]

export const warraq: Company = {
  name: 'دار الورّاق',
  settings: {
    currency: 'EGP',
    timeZone: 'Africa/Cairo',
    mode: 'test',
    defaultCommissionRate: 15,
    holdingPeriodDays: 21,
    minPayoutAmount: 100,
    rewards: { enabled: true, referrerCredits: 30, referredCredits: 20, maxPerReferrer: 4 },
    brand: {
      accent: '#8a1c1c',
      applyFields: [{ name: 'book', label: 'أي كتاب قرأته أخيرًا؟', type: 'text' }],
    },
  },
  sells: [
    { name: 'اشتراك القارئ، شهري', amount: 19_500, currency: 'EGP', everyMonth: true },
    { name: 'صندوق الشتاء', amount: 85_000, currency: 'EGP', everyMonth: false },
    { name: 'ألف ليلة وليلة، أربعة أجزاء', amount: 140_000, currency: 'EGP', everyMonth: false },
  ],
  paths: ['/', '/'],
  chance: 1001,
  promoters: [layla, nadi, fares],
  applicants,
  refers: omar,
  corners: {
    fresh: {
      id: 'rima',
      name: 'ريما نصّار',
      email: 'rima@example.com',
      code: 'RIMA',
      about: 'A partner since today, with nothing to show yet.',
    },
    below: {
      id: 'karim',
      name: 'كريم زيدان',
      email: 'karim@example.com',
      code: 'KARIM',
      about: 'A partner whose sale was refunded after it was paid out.',
    },
    vast: {
      id: 'salma',
      name: 'سلمى الخوري',
      email: 'salma@example.com',
      code: 'SALMA',
      about: 'A partner with sums of nine digits.',
    },
    long: {
      id: 'abdulrahman',
      name: 'عبد الرحمن بن عبد العزيز بن محمد الأنصاري الطرابلسي وهو ورّاق باب زويلة القديم',
      email: 'abdulrahman.bin.abdulaziz.bin.mohammed.alansari@bab-zuweila-booksellers.example.com',
      code: 'ABDULRAHMAN-BIN-ABDULAZIZ-BIN-MOHAMMED-ALANSARI-ALTRABULSI',
      about: 'A partner with a name of eighty characters, and products with such names.',
      products: [
        'كتاب العبر وديوان المبتدأ والخبر في أيام العرب والعجم والبربر ومن عاصرهم من ملوك',
        'Die Rechtsschutzversicherungsgesellschaften und ihre Donaudampfschifffahrtsakten',
      ],
    },
    currencies: {
      id: 'tarek',
      name: 'طارق سليم',
      email: 'tarek@example.com',
      code: 'TAREK',
      about: 'A partner who is paid in ten currencies.',
    },
  },
  people,
}
