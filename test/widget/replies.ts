import * as v from 'valibot'
import { Dashboard, Enrolment } from '../../server/contract/affiliate.ts'
import { ApplicationStatus, AppliedInBrowser } from '../../server/contract/applications.ts'
import { Deal } from '../../server/contract/deals.ts'
import { MadePartnerKey, PartnerKey } from '../../server/contract/partner-api.ts'
import { PayoutSettings } from '../../server/contract/payout-settings.ts'
import { ProblemReply } from '../../server/contract/problem.ts'
import { PublicProgram } from '../../server/contract/programs.ts'
import { MyReferralEvents, MyReferrals, Picture } from '../../server/contract/rewards.ts'
import { Delivery, Endpoint, MadeEndpoint } from '../../server/contract/webhooks.ts'

// What a server answers, each parsed by the contract, so that the tests cannot speak a dialect of their own.
type Deep<T> = T extends readonly unknown[] ? T : T extends object ? { [Key in keyof T]?: Deep<T[Key]> } : T

type Program = v.InferInput<typeof PublicProgram>

export function program(over: Deep<Program> = {}) {
  const brand = { logoUrl: null, accent: '#0f766e', termsUrl: 'https://acme.test/terms', applyFields: [], ...over.brand }
  const commission = {
    type: 'percent',
    rate: 20,
    flatAmount: null,
    recurringMonths: 12,
    recurringPayments: null,
    ...over.commission,
  }
  return v.parse(PublicProgram, {
    name: 'Acme',
    siteUrl: 'https://acme.test',
    currency: 'EUR',
    holdingPeriodDays: 30,
    minPayoutAmount: 50,
    cookieDurationDays: 30,
    attribution: 'last',
    ...over,
    brand,
    commission,
  })
}

export const notApplied = (over: Deep<Program> = {}) => v.parse(ApplicationStatus, { applied: false, program: program(over) })

export const application = (
  status: 'pending' | 'approved' | 'rejected',
  more: { rejectionReason?: string; code?: string } = {},
) => v.parse(ApplicationStatus, { applied: true, status, ...more, program: program() })

export const applied = () =>
  v.parse(AppliedInBrowser, { status: 'pending', message: 'Thank you. We will look at it.', applicationToken: 'token-of-jane' })

const partner = {
  id: 'par_5HzXk2mPqR8sTuVw',
  code: 'JANE20',
  type: 'partner',
  status: 'active',
  name: 'Jane Smith',
  email: 'jane@example.com',
  customerId: 'cus_5HzXk2mPqR8sTuVw',
  commissionRate: null,
  totalEarned: 1660.2,
  pendingBalance: 129.4,
  approvedBalance: 95.6,
  paidTotal: 1435.2,
  currency: 'EUR',
  createdAt: '2026-01-10T09:00:00.000Z',
}

export const enrolled = (over: Partial<typeof partner> = {}) => v.parse(Enrolment, { enrolled: true, ...partner, ...over })
export const notEnrolled = (application?: { status: 'pending' | 'approved' | 'rejected'; rejectionReason?: string }) =>
  v.parse(Enrolment, { enrolled: false, ...(application && { application }) })

type Reply = v.InferInput<typeof Dashboard>
export type Commission = Reply['commissions'][number]

export function commission(over: Deep<Commission> = {}): Commission {
  const why = {
    kind: 'sale',
    clickId: 'clk_5HzXk2mPqR8sTuVw',
    code: 'JANE20',
    rule: 'percent',
    ruleFrom: 'program',
    rate: 20,
    base: 59800,
  }
  return {
    id: `com_${JSON.stringify(over).length}${over.occurredAt ?? ''}`,
    referralId: 'ref_5HzXk2mPqR8sTuVw',
    amount: 119.6,
    reversedAmount: 0,
    currency: 'EUR',
    status: 'pending',
    productId: 'Pro, yearly',
    occurredAt: '2026-11-20T10:00:00.000Z',
    availableAt: '2026-12-20T10:00:00.000Z',
    ...over,
    why: { ...why, formula: '20 % of 598.00 EUR = 119.60 EUR', rounding: 'half_even', ...over.why } as Commission['why'],
  }
}

type Over = Omit<Deep<Reply>, 'codes'> & { days?: number; codes?: Partial<Reply['codes'][number]>[] }

/** How far a partner is from its next payout, whose minimum is fifty. */
export const nextPayout = ({ due = 0, ...over }: Partial<Reply['nextPayouts'][number]> = {}) => ({
  ...{
    currency: 'EUR',
    due,
    onTheWay: 0,
    minimum: 50,
    missing: Math.max(0, 50 - due),
    nextApproval: null,
    minimumReachedAt: null,
  },
  ...over,
})

/** How a partner is paid. */
export const payoutSettings = (over: Partial<v.InferInput<typeof PayoutSettings>> = {}) =>
  v.parse(PayoutSettings, {
    ...{ method: 'paypal', methods: ['paypal', 'bank_transfer'], email: 'j•••@example.com', accountHolder: null, iban: null },
    ...{ bic: null, accountNumber: null, routingNumber: null, walletAddress: null, network: null, stripeAccount: null },
    ...{ missing: [], changedAt: null, waitsUntil: null, coolingDays: 3 },
    ...over,
  })

/** The partner of the pictures: 26 sales from 612 clicks, by default over the 30 days that end on 21 November 2026. */
export function dashboard(over: Over = {}) {
  const { days = 30, affiliate, stats, codes, ...rest } = over
  const own = { ...partner, ...affiliate }
  const balances = over.balances ?? [{ currency: 'EUR', totalEarned: 1660.2, pending: 129.4, approved: 95.6, paid: 1435.2 }]
  return v.parse(Dashboard, {
    affiliate: own,
    balances,
    nextPayouts: [
      nextPayout({ currency: own.currency, due: own.approvedBalance }),
      ...balances
        .filter(each => each && each.currency !== own.currency && (each.approved || each.pending))
        .map(each => nextPayout({ currency: each?.currency ?? '', due: each?.approved ?? 0 })),
    ],
    program: program(),
    link: 'https://acme.test/?ref=JANE20',
    stats: { clicks: 612, signups: 48, conversions: 26, conversionRate: 4.2, ...stats },
    series: series(days),
    commissions: [
      commission({ occurredAt: '2026-11-20T10:00:00.000Z', availableAt: '2026-12-20T10:00:00.000Z' }),
      commission({
        occurredAt: '2026-11-14T10:00:00.000Z',
        availableAt: '2026-12-14T10:00:00.000Z',
        amount: 9.8,
        productId: 'Team, monthly',
        why: { base: 4900 },
      }),
      commission({ occurredAt: '2026-11-02T10:00:00.000Z', amount: -24, productId: 'Pro, yearly', status: 'approved' }),
      commission({ occurredAt: '2026-10-18T10:00:00.000Z', status: 'approved' }),
      commission({ occurredAt: '2025-12-03T10:00:00.000Z', amount: 9.8, productId: null, status: 'paid', why: { base: 4900 } }),
    ],
    payouts: Array.from({ length: 9 }, (_, index) => ({
      id: `pay_${index}`,
      amount: 159.47,
      currency: 'EUR',
      status: 'paid',
      method: 'paypal',
      reference: null,
      createdAt: `2026-0${index + 1}-01T00:00:00.000Z`,
      paidAt: `2026-0${index + 1}-03T00:00:00.000Z`,
    })),
    codes: (codes ?? [{ code: 'JANE20', url: 'https://acme.test/?ref=JANE20', label: null, createdAt: partner.createdAt }]).map(
      code => ({ clicks: 0, signups: 0, conversions: 0, earned: [], ...code }),
    ),
    deals: [],
    ...rest,
  })
}

export function series(days: number, figures = figuresOf) {
  const last = Date.UTC(2026, 10, 21)
  return Array.from({ length: days }, (_, index) => {
    const date = new Date(last - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    return { date, ...figures(index, days) }
  })
}

function figuresOf(index: number, days: number) {
  const wave = [0, 2, 1, 4, 3, 6, 5][index % 7] ?? 0
  const conversions = index % 4 === 3 ? 1 + Math.floor((index / days) * 3) : 0
  return { clicks: 4 + Math.floor((index / days) * 26) + wave, signups: index % 2, conversions, earned: conversions * 9.8 }
}

export const problem = (status: number, code: string, errors?: { path: string; message: string }[]) =>
  v.parse(ProblemReply, {
    type: `/docs/problems#${code}`,
    title: code,
    status,
    detail: 'See the code.',
    code,
    ...(errors && { errors }),
  })

const svg = (path: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37" shape-rendering="crispEdges"><rect width="37" height="37" fill="#fff"/><path d="${path}"/></svg>`
/** A picture as the server sends it. Nobody's camera is asked in the tests. */
export const picture = () => v.parse(Picture, svg('M4 4h7v1h-7zM13 4h2v1h-2zM4 5h1v1h-1zM10 5h1v1h-1z'))

type Mine = v.InferInput<typeof MyReferrals>
/** A customer who has brought five friends. */
export function mine(over: Deep<Mine> = {}) {
  const { rewards, stats, ...rest } = over
  return v.parse(MyReferrals, {
    code: 'ADA-7KXQ',
    sharePath: '/?ref=ADA-7KXQ',
    shareUrl: 'https://acme.test/?ref=ADA-7KXQ',
    program: program(),
    rewards: {
      enabled: true,
      referrerCredits: 10,
      referredCredits: 5,
      qualifyOn: 'first_payment',
      maxPerReferrer: null,
      ...rewards,
    },
    stats: { clicks: 31, signups: 5, qualified: 3, rewarded: 2, pending: 1, capped: 0, creditsEarned: 20, ...stats },
    referrals: [],
    ...rest,
  })
}

type MineEvent = v.InferInput<typeof MyReferralEvents>['data'][number]
export function event(status: MineEvent['status'], over: Deep<MineEvent> = {}): MineEvent {
  const at = over.createdAt ?? '2026-11-12T10:00:00.000Z'
  return { id: `ref_${status}${at}`, role: 'referrer', status, campaign: null, createdAt: at, ...over } as MineEvent
}
export const events = (
  data: MineEvent[] = [
    event('attributed', { createdAt: '2026-11-20T10:00:00.000Z' }),
    event('qualified', { reward: { credits: 10, status: 'pending', grantedAt: null } }),
    event('rewarded', { campaign: 'spring', reward: { credits: 10, status: 'granted', grantedAt: '2026-11-10T10:00:00.000Z' } }),
    event('reversed', { reward: { credits: 10, status: 'reversed', grantedAt: '2026-11-10T10:00:00.000Z' } }),
    event('rewarded', {
      role: 'referred',
      createdAt: '2025-12-03T10:00:00.000Z',
      reward: { credits: 5, status: 'granted', grantedAt: '2025-12-04T10:00:00.000Z' },
    }),
  ],
) => v.parse(MyReferralEvents, { data })

export const partnerKey = (over: Partial<v.InferInput<typeof PartnerKey>> = {}) =>
  v.parse(PartnerKey, { id: 'key_1', name: 'Our reports', hint: 'x9Qz', createdAt: '2026-11-02T10:00:00.000Z', ...over })
export const madeKey = () =>
  v.parse(MadePartnerKey, { ...partnerKey({ id: 'key_2', name: 'Sheet' }), key: 'mislata_pa_4bXq2mWcT7yHnR9pKs3vLf8dJg6zAa1x' })

export const endpoint = (over: Partial<v.InferInput<typeof Endpoint>> = {}) =>
  v.parse(Endpoint, {
    id: 'whk_1',
    url: 'https://hooks.example/mislata',
    events: ['*'],
    slowRetries: true,
    disabled: false,
    disabledAt: null,
    disabledReason: null,
    failingSince: null,
    oldSecretUntil: null,
    createdAt: '2026-11-02T10:00:00.000Z',
    ...over,
  })
export const madeEndpoint = () =>
  v.parse(MadeEndpoint, { ...endpoint({ id: 'whk_2', url: 'https://new.example/hook' }), secret: 'whsec_bWlzbGF0YS10ZXN0' })

export const delivery = (
  status: 'pending' | 'delivered' | 'failed',
  attempts: { outcome: 'ok' | 'status' | 'timeout' | 'unreachable'; status: number | null }[] = [],
) =>
  v.parse(Delivery, {
    id: 'dlv_1',
    eventId: 'evt_1',
    event: 'endpoint.test',
    endpointId: 'whk_1',
    status,
    createdAt: '2026-11-21T12:00:00.000Z',
    nextAttemptAt: null,
    deliveredAt: null,
    failedAt: null,
    attempts: attempts.map((attempt, index) => ({
      number: index + 1,
      at: '2026-11-21T12:00:01.000Z',
      ms: 40,
      excerpt: null,
      reason: null,
      ...attempt,
    })),
  })

/** One page of anything. */
export const page = <T>(...data: T[]) => ({ data, nextCursor: null })

export const deal = (over: Partial<v.InferInput<typeof Deal>> = {}) =>
  v.parse(Deal, {
    id: 'deal_1',
    status: 'registered',
    leadEmail: 'buyer@globex.example',
    leadName: 'Globex',
    notes: null,
    createdAt: '2026-11-12T10:00:00.000Z',
    ...over,
  })
