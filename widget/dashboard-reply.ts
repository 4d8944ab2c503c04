import type { Dashboard as Reply } from '../server/contract/affiliate.ts'
import { type Program, program } from './api.ts'
import { currency, link, list, nullable, number, type Reader, shape, text, time, word } from './reading.ts'

type Commission = Reply['commissions'][number]
type Line = Pick<Commission, 'id' | 'amount' | 'currency' | 'status' | 'productId' | 'occurredAt' | 'availableAt'> & {
  why: Pick<Commission['why'], 'code' | 'rule' | 'rate' | 'base'>
}

/** The part of the server's reply that is shown. */
export type Dashboard = {
  affiliate: Pick<
    Reply['affiliate'],
    'status' | 'commissionRate' | 'pendingBalance' | 'approvedBalance' | 'paidTotal' | 'currency'
  >
  balances: Omit<Reply['balances'][number], 'totalEarned'>[]
  program: Program
  link: string
  stats: Omit<Reply['stats'], 'conversionRate'>
  series: Day[]
  commissions: Line[]
  payouts: Pick<Reply['payouts'][number], 'status'>[]
}
export type Day = Reply['series'][number]
export type Earning = Line

export const dashboard: Reader<Dashboard> = shape<Dashboard>({
  affiliate: shape<Dashboard['affiliate']>({
    status: word('invited', 'active', 'deactivated'),
    commissionRate: nullable(number),
    pendingBalance: number,
    approvedBalance: number,
    paidTotal: number,
    currency,
  }),
  balances: list(shape<Dashboard['balances'][number]>({ currency, pending: number, approved: number, paid: number })),
  program,
  link,
  stats: shape<Dashboard['stats']>({ clicks: number, signups: number, conversions: number }),
  series: list(shape<Day>({ date: time, clicks: number, signups: number, conversions: number, earned: number })),
  commissions: list(
    shape<Line>({
      id: text,
      amount: number,
      currency,
      status: word('pending', 'approved', 'paid', 'held', 'rejected', 'reversed'),
      productId: nullable(text),
      occurredAt: time,
      availableAt: time,
      why: shape<Line['why']>({ code: text, rule: word('percent', 'flat'), rate: nullable(number), base: number }),
    }),
  ),
  payouts: list(shape<Dashboard['payouts'][number]>({ status: text })),
})
