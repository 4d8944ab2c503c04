import type { Dashboard as Reply } from '../server/contract/affiliate.ts'
import { type Program, program } from './api.ts'
import { currency, link, list, nullable, number, type Reader, shape, text, time, word } from './reading.ts'

type Commission = Reply['commissions'][number]
type Line = Pick<
  Commission,
  'id' | 'amount' | 'reversedAmount' | 'currency' | 'status' | 'productId' | 'occurredAt' | 'availableAt'
> & {
  why: SaleWhy | { note: string }
}
type SaleWhy = Pick<Extract<Commission['why'], { kind: 'sale' }>, 'code' | 'rule' | 'ruleFrom' | 'rate' | 'base'>

/** The part of the server's reply that is shown. */
export type Dashboard = {
  affiliate: Pick<
    Reply['affiliate'],
    'code' | 'status' | 'commissionRate' | 'pendingBalance' | 'approvedBalance' | 'paidTotal' | 'currency'
  >
  balances: Omit<Reply['balances'][number], 'totalEarned'>[]
  nextPayouts: NextPayout[]
  program: Program
  link: string
  stats: Omit<Reply['stats'], 'conversionRate'>
  series: Day[]
  commissions: Line[]
  payouts: Payout[]
  codes: Code[]
  deals: Deal[]
}
export type NextPayout = Reply['nextPayouts'][number]
export type Day = Reply['series'][number]
export type Earning = Line
export type Payout = Reply['payouts'][number]
export type Code = Reply['codes'][number]
export type Deal = Reply['deals'][number]

const saleWhy = shape<SaleWhy>({
  code: text,
  rule: word('percent', 'flat'),
  ruleFrom: word('program', 'partner', 'product'),
  rate: nullable(number),
  base: number,
})
/** A deal as the server tells of it. */
export const deal = shape<Deal>({
  id: text,
  status: word('registered', 'signed_up', 'won'),
  leadEmail: text,
  leadName: text,
  notes: nullable(text),
  createdAt: time,
})

const correction = shape<{ note: string }>({ note: text })

export const dashboard: Reader<Dashboard> = shape<Dashboard>({
  affiliate: shape<Dashboard['affiliate']>({
    code: text,
    status: word('invited', 'active', 'deactivated'),
    commissionRate: nullable(number),
    pendingBalance: number,
    approvedBalance: number,
    paidTotal: number,
    currency,
  }),
  balances: list(shape<Dashboard['balances'][number]>({ currency, pending: number, approved: number, paid: number })),
  nextPayouts: list(
    shape<NextPayout>({
      currency,
      due: number,
      onTheWay: number,
      minimum: number,
      missing: number,
      nextApproval: nullable(shape<NonNullable<NextPayout['nextApproval']>>({ availableAt: time, amount: number })),
      minimumReachedAt: nullable(time),
    }),
  ),
  program,
  link,
  stats: shape<Dashboard['stats']>({ clicks: number, signups: number, conversions: number }),
  series: list(shape<Day>({ date: time, clicks: number, signups: number, conversions: number, earned: number })),
  commissions: list(
    shape<Line>({
      id: text,
      amount: number,
      reversedAmount: number,
      currency,
      status: word('pending', 'approved', 'paid', 'held', 'rejected', 'reversed'),
      productId: nullable(text),
      occurredAt: time,
      availableAt: time,
      why: value => (Object(value).kind === 'adjustment' ? correction : saleWhy)(value),
    }),
  ),
  payouts: list(
    shape<Payout>({
      id: text,
      amount: number,
      currency,
      status: word('pending', 'paid', 'failed'),
      method: nullable(text),
      reference: nullable(text),
      createdAt: time,
      paidAt: nullable(time),
    }),
  ),
  codes: list(
    shape<Code>({
      code: text,
      url: link,
      label: nullable(text),
      createdAt: time,
      clicks: number,
      signups: number,
      conversions: number,
      earned: list(shape<Code['earned'][number]>({ currency, amount: number })),
    }),
  ),
  deals: list(deal),
})
