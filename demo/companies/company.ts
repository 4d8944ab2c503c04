import type { Customer } from '../backend/books.ts'

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

/** Amounts are minor units. */
export type Product = { name: string; amount: number; currency: string; everyMonth: boolean }

/** Where somebody stands with a company's programme. */
export type Role = 'partner' | 'customer' | 'pending' | 'rejected' | 'former' | keyof Corners

/** A customer whom a visitor of the demonstration may be. */
export type Person = Customer & { role: Role; about: string }

type Corner = { id: string; name: string; email: string; code: string; about: string }

/** Partners whom a dashboard has to look well for, though few are like them. */
export type Corners = {
  fresh: Corner
  below: Corner
  vast: Corner
  /** `name` and `products` have eighty characters each. */
  long: Corner & { products: string[] }
  currencies: Corner
}

/** A company that the demonstration invents: its programme, whom it works with, and who may sign in to its site. */
export type Company = {
  name: string
  settings: Record<string, unknown>
  /** What customers buy, by chance; what stands here twice is bought twice as often. */
  sells: Product[]
  /** The pages that partners link to. */
  paths: string[]
  /** Where its chances begin, so that no two companies have the same sixty days. */
  chance: number
  promoters: Promoter[]
  applicants: Applicant[]
  /** What everybody answers to the program's own questions. */
  answers?: Record<string, string>
  /** The customer who has brought friends. */
  refers: Person
  corners: Corners
  people: Person[]
}

/** Everybody who can sign in to the company's site. */
export function everybody({ people, corners }: Company): Person[] {
  const partners = Object.entries(corners) as [keyof Corners, Corner][]
  return [...people, ...partners.map(([role, { code: _, ...one }]) => ({ ...one, role, planId: null }))]
}
