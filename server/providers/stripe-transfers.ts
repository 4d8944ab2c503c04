import type { Stripe } from 'stripe'
import { stripeAmount } from '../rules/provider-amount.ts'
import { type Said, SETTLED_MS } from '../rules/sending.ts'
import { neverLeft, type PayoutProvider, type Reach, reaching, type Sent, type Transfer, worded } from './payout-provider.ts'

export type StripeCredentials = { secretKey: string; environment: 'sandbox' | 'live' }

// What is no fault of the recipient, and passes when somebody has seen to it.
const OURS = /^(balance_insufficient|platform_account_required|api_key_expired|secret_key_required|rate_limit|lock_timeout)$/

/**
 * Transfers to connected accounts, from the balance of the account that the key belongs to. A transfer carries the payout's id
 * as its `transfer_group`, by which Stripe lists it as soon as it is there and for ever; the idempotency key, which Stripe
 * forgets after a day, keeps two requests that are under way at once from being two transfers.
 */
export async function stripeTransfers({ secretKey, environment }: StripeCredentials, reach: Reach): Promise<PayoutProvider> {
  const { Stripe } = await import('stripe')
  const { hostname, port, protocol } = reach.url ? new URL(reach.url) : {}
  const stripe = new Stripe(secretKey, {
    // Whatever is tried again is tried again by us. Over `fetch` the library does not retry a connection that is cut either.
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(reaching(reach) as typeof fetch),
    timeout: reach.timeoutMs,
    telemetry: false,
    ...(hostname && { host: hostname, port: Number(port), protocol: protocol === 'http:' ? 'http' : 'https' }),
  })

  return {
    async account() {
      try {
        const { id } = await stripe.accounts.retrieveCurrent()
        return typeof id === 'string' && id ? { account: `${environment}:${id}` } : { reason: 'Stripe names no account' }
      } catch (error) {
        return { reason: wordsOf(error) }
      }
    },

    async send(transfer) {
      const { key, payoutId, destination, currency } = transfer
      const amount = stripeAmount(transfer.amount, currency)
      if (amount === null || !destination) return { outcome: 'refused', reason: 'Stripe takes no such amount or account' }
      try {
        // Under one key every field has to be as it was, so nothing stands here that somebody may change meanwhile.
        const fields = { amount, currency: currency.toLowerCase(), destination, description: `Partner payout ${payoutId}` }
        const about = { transfer_group: groupOf(payoutId), metadata: { mislata_payout: payoutId } }
        return verdict(await stripe.transfers.create({ ...fields, ...about }, { idempotencyKey: key }), transfer)
      } catch (error) {
        return failure(error)
      }
    },

    async lookUp(sent, now) {
      try {
        const { data } = await stripe.transfers.list({ transfer_group: groupOf(sent.payoutId), limit: 10 })
        const [found, another] = data
        if (another) return { outcome: 'unknown', reason: 'Stripe has several transfers of this payout' }
        if (found) return verdict(found, sent)
        return isOver(sent, now)
          ? { outcome: 'absent', reason: 'Stripe has no transfer of this payout' }
          : { outcome: 'unknown', reason: 'Stripe has no transfer of this payout yet' }
      } catch (error) {
        return { outcome: 'unknown', reason: wordsOf(error) }
      }
    },
  }
}

function isOver({ lastSentAt }: Sent, now: Date) {
  return lastSentAt === null || now.getTime() - Date.parse(lastSentAt) >= SETTLED_MS
}

const groupOf = (payoutId: string) => `mislata_${payoutId}`

/** What a transfer at Stripe says of the payout; one that is not what was asked for says nothing. */
function verdict(found: Partial<Stripe.Transfer> | null, { amount, currency, destination }: Transfer): Said {
  if (typeof found?.id !== 'string') return { outcome: 'unknown', reason: 'Stripe answered with something else' }
  const to = typeof found.destination === 'string' ? found.destination : found.destination?.id
  const isSame = found.amount === stripeAmount(amount, currency) && found.currency?.toUpperCase() === currency
  if (!isSame || (destination && to !== destination))
    return { outcome: 'unknown', reason: worded('Stripe has another transfer for this payout', found.id) }
  if (found.reversed) return { outcome: 'refused', reason: worded('The transfer was reversed', found.id) }
  return { outcome: 'done', reference: found.id }
}

type StripeFailure = { type?: string; statusCode?: number; code?: string; message?: string }

/** Stripe's errors by what they say of the transfer. What is not plainly a refusal leaves it open. */
function failure(error: unknown): Said {
  const { type, statusCode = 0, code = '' } = error as StripeFailure
  const reason = wordsOf(error)
  if (neverLeft(error)) return { outcome: 'not_sent', reason }
  // A key that is in use, or was used for something else: there is another request.
  if (type === 'StripeIdempotencyError' || statusCode === 409) return { outcome: 'unknown', reason }
  if ([401, 403, 429].includes(statusCode) || (OURS.test(code) && statusCode >= 400 && statusCode < 500))
    return { outcome: 'not_sent', reason }
  if (statusCode >= 400 && statusCode < 500) return { outcome: 'refused', reason }
  return { outcome: 'unknown', reason }
}

function wordsOf(error: unknown) {
  const { code, statusCode, message } = error as StripeFailure
  return worded(code ?? (statusCode ? `status ${statusCode}` : null), message ?? 'No answer')
}
