import type { ColumnType, Kysely, Transaction } from 'kysely'
import type { AdminTables } from './schema-admins.ts'
import type { ImportTables } from './schema-import.ts'
import type { MoneyTables } from './schema-money.ts'
import type { PortalSchema } from './schema-portal.ts'
import type { SendingTables } from './schema-sending.ts'
import type { StripeTables } from './schema-stripe.ts'

// The tables as types. Ids and times are text, money is whole minor units, JSON is text; see migrations.ts for the keys.
export type Filled<T> = ColumnType<T, T | undefined, T>

// The tables that have a file of their own.
type Others = AdminTables & MoneyTables & PortalSchema & StripeTables & SendingTables & ImportTables

export type Schema = Others & {
  meta: { name: string; value: string }
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
  partnerKeys: {
    id: string
    programId: string
    partnerId: string
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
    /** Who has had since then what it had; it stays deactivated. */
    mergedInto: Filled<string | null>
    /** When it last said itself how it is to be paid; null where the program has the last word. */
    payoutChangedAt: Filled<string | null>
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
    partnerId: string | null
    customerId: string | null
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
  limitUses: { key: string; points: number; expire: number | null }
  customerClicks: { customerId: string; clicks: number }
  codeCounts: { programId: string; codeFold: string; clicks: number; signups: number; conversions: number }
  codeEarned: { programId: string; codeFold: string; currency: string; amount: number }
  campaignDay: { programId: string; day: string; campaign: string; clicks: number }
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
    referrerCustomerId: Filled<string | null>
    reviewAt: Filled<string | null>
    reviewReasons: Filled<string | null>
    approvedAt: Filled<string | null>
    rejectedAt: Filled<string | null>
    rejectReason: Filled<string | null>
    rewardedAt: Filled<string | null>
    cappedAt: Filled<string | null>
    reversedAt: Filled<string | null>
    churnedAt: Filled<string | null>
    rewardTerms: Filled<string | null>
    earnedAt: Filled<string | null>
    owedAt: Filled<string | null>
    countsFrom: Filled<string | null>
  }
  rewards: {
    id: string
    programId: string
    referralId: string
    customerId: string
    role: 'referrer' | 'referred'
    credits: number
    grantKey: string
    createdAt: string
    grantedAt: Filled<string | null>
    reversedAt: Filled<string | null>
    attempts: Filled<number>
    lastAttemptAt: Filled<string | null>
    lastOutcome: Filled<string | null>
    nextAttemptAt: string | null
    leasedUntil: Filled<string | null>
  }
  creditEntries: {
    id: string
    programId: string
    customerId: string
    referralId: string | null
    entryKey: string
    credits: number
    reason: string
    createdAt: string
  }
  referralDay: {
    programId: string
    day: string
    campaign: string
    signups: number
    qualified: number
    rewarded: number
    capped: number
    rejected: number
    credits: number
  }
  events: {
    id: string
    programId: string
    partnerId: string | null
    event: string
    object: string
    sequence: number
    body: string
    createdAt: string
  }
  auditEntries: {
    id: string
    programId: string | null
    createdAt: string
    actorKind: string
    actorId: string | null
    actorLabel: string | null
    action: string
    object: string
    before: string | null
    after: string | null
    requestId: string | null
  }
  programDayMoney: { programId: string; day: string; currency: string; revenue: number; commissions: number }
  programOwed: { programId: string; currency: string; availableOn: string; amount: number }
  eventSequences: { programId: string; object: string; last: number }
  webhookEndpoints: {
    id: string
    programId: string
    partnerId: string | null
    url: string
    events: string
    secret: string
    oldSecret: Filled<string | null>
    oldSecretUntil: Filled<string | null>
    slowRetriesOffAt: Filled<string | null>
    failingSince: Filled<string | null>
    disabledAt: Filled<string | null>
    disabledReason: Filled<string | null>
    deletedAt: Filled<string | null>
    createdAt: string
  }
  deliveries: {
    id: string
    programId: string
    partnerId: string | null
    endpointId: string
    eventId: string
    createdAt: string
    startedAt: string
    nextAttemptAt: Filled<string | null>
    claims: Filled<number>
    tries: Filled<number>
    attempts: Filled<number>
    deliveredAt: Filled<string | null>
    failedAt: Filled<string | null>
  }
  deliveryAttempts: {
    deliveryId: string
    number: number
    at: string
    outcome: string
    status: number | null
    ms: number
    excerpt: string | null
    reason: string | null
  }
  idempotencyKeys: {
    id: string
    programId: string | null
    fingerprint: string
    holder: string
    leaseEndsAt: string
    expiresAt: string
    status: Filled<number | null>
    sealed: Filled<string | null>
    createdAt: string
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
    facts: Filled<string | null>
    naturalKey: Filled<string | null>
    givesUpAt: Filled<string | null>
    failedAt: Filled<string | null>
  }
}

export type Db = Kysely<Schema> | Transaction<Schema>
