import type { Said } from '../rules/sending.ts'

/** One transfer as it is asked for. Asked for again under the same `key` it is the same in every field. */
export type Transfer = {
  key: string
  payoutId: string
  /** Minor units, as they are kept here. */
  amount: number
  currency: string
  /** Null where it is not known any more: then it cannot be sent. */
  destination: string | null
  note: string
}

/** What is known of a transfer that is asked after. */
export type Sent = Transfer & { handle: string | null; doubtSince: string | null; lastSentAt: string | null }

/**
 * Somebody who moves money for us. Each call says how it went and never throws. `send` moves it at most once for a key.
 * `lookUp` asks what has become of a transfer and moves nothing.
 */
export type PayoutProvider = {
  /** Whose money it is: what is sent from one account can only be asked after there. */
  account(): Promise<{ account: string } | { reason: string }>
  send(transfer: Transfer): Promise<Said>
  lookUp(sent: Sent, now: Date): Promise<Said>
}

/** How a provider is reached: its own address, or one on this machine that stands in for it; and how long it may take. */
export type Reach = { url: string | null; timeoutMs: number; signal: AbortSignal }

/** `fetch` that is over after the time that it may take, and follows nothing. */
export function reaching({ timeoutMs, signal }: Reach) {
  return (url: string | URL | Request, init: RequestInit = {}) => {
    const signals = [signal, AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]
    return fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) })
  }
}

/** True where no connection was made at all, so that nothing can have been asked for. */
export function neverLeft(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = causeOf(cause)) {
    const { code } = cause as NodeJS.ErrnoException
    if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(code ?? '')) return true
  }
  return false
}

function causeOf(error: Error) {
  const { detail, cause } = error as Error & { detail?: unknown }
  return detail instanceof Error ? detail : cause
}

/** A reason in the provider's words, as a line that can be kept and shown. */
export function worded(...parts: (string | null | undefined)[]) {
  const text = parts.filter(Boolean).join(': ')
  return text
    .replace(/\b(sk|rk)_(test|live)_\w+/g, '$1_$2_…')
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .slice(0, 500)
}
