import type { AttemptAct, Outcome, Provider, SendingState } from '../rules/sending.ts'
import type { Filled } from './schema.ts'

/** What payouts are sent through, which are being sent, and every attempt at it. */
export type SendingTables = {
  payoutProviders: {
    programId: string
    provider: Provider
    environment: 'sandbox' | 'live'
    secret: string
    hint: string
    account: Filled<string | null>
    createdAt: string
  }
  payoutSendings: {
    payoutId: string
    programId: string
    provider: Provider
    state: SendingState
    amount: number
    currency: string
    destination: string | null
    keyNumber: Filled<number>
    account: Filled<string | null>
    handle: Filled<string | null>
    detail: Filled<string | null>
    doubtSince: Filled<string | null>
    lastSentAt: Filled<string | null>
    tries: Filled<number>
    nextAt: string | null
    leasedUntil: Filled<string | null>
    claims: Filled<number>
    createdAt: string
    endedAt: Filled<string | null>
  }
  payoutAttempts: {
    payoutId: string
    number: number
    programId: string
    act: AttemptAct
    key: string
    startedAt: string
    endedAt: string | null
    outcome: Outcome | null
    reason: string | null
    times: Filled<number>
  }
}
