import type { ColumnType, Kysely, Transaction } from 'kysely'

// The tables as types. Ids and times are text, money is whole minor units, JSON is text; see migrations.ts for the keys.
type Filled<T> = ColumnType<T, T | undefined, T>

export type Schema = {
  meta: { name: string; value: string }
  admins: { id: string; email: string; emailFold: string; passwordHash: string; createdAt: string }
  adminSessions: { id: string; adminId: string; createdAt: string; expiresAt: string; endedAt: Filled<string | null> }
  programs: { id: string; settings: string; clockOffsetMs: Filled<number>; createdAt: string }
  apiKeys: {
    id: string
    programId: string
    type: 'secret' | 'publishable'
    name: string
    hash: string
    hint: string
    createdAt: string
    revokedAt: Filled<string | null>
  }
  customers: {
    id: string
    programId: string
    externalId: string | null
    email: string | null
    emailFold: string | null
    name: string | null
    createdAt: string
  }
  customerAliases: { programId: string; alias: string; customerId: string }
  partners: {
    id: string
    programId: string
    customerId: string | null
    email: string
    emailFold: string
    firstName: string | null
    lastName: string | null
    company: string | null
    website: string | null
    slug: string
    ratePpm: number | null
    payoutMethod: string | null
    payoutEmail: string | null
    stripeAccountId: string | null
    metadata: string | null
    searchText: string
    createdAt: string
    activatedAt: string | null
    deactivatedAt: string | null
  }
  codes: {
    programId: string
    codeFold: string
    code: string
    partnerId: string | null
    customerId: string | null
    label: string | null
    createdAt: string
    retiredAt: Filled<string | null>
  }
  applications: {
    id: string
    programId: string
    email: string
    emailFold: string
    name: string
    company: string | null
    website: string | null
    reason: string | null
    answers: string
    tokenHash: string | null
    createdAt: string
    decision: Filled<'approved' | 'rejected' | null>
    decidedAt: Filled<string | null>
    decidedBy: Filled<string | null>
    rejectionReason: Filled<string | null>
    partnerId: Filled<string | null>
  }
  clicks: {
    id: string
    programId: string
    partnerId: string
    code: string
    visitor: string
    at: string
    day: string
    url: string | null
    referrer: string | null
    campaign: string | null
    ignored: string | null
  }
  recentClicks: { dedupe: string; clickId: string; at: string }
  dayKeys: { day: string; key: string }
  partnerDay: { partnerId: string; day: string; clicks: number; signups: number; conversions: number }
  partnerDayEarned: { partnerId: string; day: string; currency: string; amount: number }
  programDay: { programId: string; day: string; clicks: number; signups: number; conversions: number }
  partnerMonth: { programId: string; month: string; partnerId: string; clicks: number; signups: number; conversions: number }
  referrals: {
    id: string
    programId: string
    customerId: string
    partnerId: string | null
    code: string
    clickId: string | null
    campaign: string | null
    terms: string
    createdAt: string
    qualifiedAt: Filled<string | null>
  }
  conversions: {
    id: string
    programId: string
    externalId: string
    payloadHash: string
    customerId: string
    referralId: string | null
    amount: number
    tax: number
    discount: number
    currency: string
    productId: string | null
    occurredAt: string
    createdAt: string
    reply: string
  }
  commissions: {
    id: string
    programId: string
    partnerId: string
    referralId: string | null
    conversionId: string | null
    period: string
    amount: number
    currency: string
    productId: string | null
    why: string
    occurredAt: string
    availableAt: string
    createdAt: string
  }
  journalTransactions: { id: string; programId: string; key: string; kind: string; at: string; createdAt: string }
  journalEntries: {
    transactionId: string
    position: number
    programId: string
    account: string
    partnerId: string | null
    commissionId: string | null
    currency: string
    amount: number
    availableAt: string | null
  }
  mails: {
    id: string
    programId: string | null
    recipient: string
    kind: string
    subject: string
    body: string
    createdAt: string
    attempts: Filled<number>
    nextAttemptAt: Filled<string | null>
    sentAt: Filled<string | null>
    failure: Filled<string | null>
  }
}

export type Db = Kysely<Schema> | Transaction<Schema>
