import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { paypalAmount } from '../rules/provider-amount.ts'
import { type Said, SETTLED_MS } from '../rules/sending.ts'
import { neverLeft, type PayoutProvider, type Reach, reaching, type Sent, type Transfer, worded } from './payout-provider.ts'

export type PaypalCredentials = { clientId: string; clientSecret: string; environment: 'sandbox' | 'live' }

const hosts = { live: 'https://api-m.paypal.com', sandbox: 'https://api-m.sandbox.paypal.com' }
/** PayPal knows a `sender_batch_id` for thirty days; a day is left for clocks that differ. */
const KEY_LIVES_MS = 29 * 86_400_000
const BatchId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/))

const Text = v.optional(v.nullable(v.string()), null)
const Failure = v.object({
  name: Text,
  message: Text,
  error_description: Text,
  details: v.optional(v.nullable(v.array(v.object({ field: Text, issue: Text, description: Text }))), null),
  links: v.optional(v.nullable(v.array(v.object({ href: Text }))), null),
})
const Batch = v.object({
  batch_header: v.object({ payout_batch_id: BatchId, batch_status: v.string() }),
  items: v.optional(
    v.array(
      v.object({
        transaction_id: Text,
        payout_item_id: Text,
        transaction_status: Text,
        payout_item: v.object({ sender_item_id: Text, amount: v.object({ value: v.string(), currency: v.string() }) }),
        errors: v.optional(v.nullable(v.object({ name: Text, message: Text })), null),
      }),
    ),
    [],
  ),
})

// The library that PayPal has for Node knows nothing of payouts.
const tokens = new Map<string, { token: string; until: number }>()

/**
 * Payouts to PayPal accounts by address, each as a batch of its own. PayPal has no way to ask for a batch by our key, but it
 * refuses a second with the same `sender_batch_id` for thirty days and says which the first was: that is how one whose
 * outcome is unknown is found, and how it is sent if it never was, in one step.
 */
export function paypalPayouts(credentials: PaypalCredentials, reach: Reach): PayoutProvider {
  const base = reach.url?.replace(/\/+$/, '') ?? hosts[credentials.environment]
  const call = reaching(reach)

  async function token() {
    const { clientId, clientSecret } = credentials
    const name = JSON.stringify([base, clientId, clientSecret])
    const kept = tokens.get(name)
    if (kept && kept.until > Date.now()) return kept.token
    const response = await call(`${base}/v1/oauth2/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    })
    const body: unknown = await response.json().catch(() => null)
    const given = v.safeParse(v.object({ access_token: v.string(), expires_in: v.optional(v.number(), 0) }), body)
    if (!response.ok || !given.success) throw new Error(wordsOf(response.status, body))
    const { access_token, expires_in } = given.output
    tokens.set(name, { token: access_token, until: Date.now() + (expires_in - 60) * 1_000 })
    return access_token
  }

  /** The answer to a question, under a token; a token that is not taken is forgotten. */
  async function ask(bearer: string, path: string, body?: object) {
    const response = await call(base + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (response.status === 401) tokens.clear()
    return { status: response.status, body: (await response.json().catch(() => null)) as unknown }
  }

  async function read(bearer: string, id: string, transfer: Transfer): Promise<Said> {
    const { status, body } = await ask(bearer, `/v1/payments/payouts/${id}?page_size=10&total_required=false`)
    const found = v.safeParse(Batch, body)
    if (status !== 200 || !found.success) return { outcome: 'unknown', reason: wordsOf(status, body) }
    return verdict(found.output, transfer)
  }

  return {
    // PayPal names no account to whom may only pay out; a batch is known to the app that has sent it.
    account: async () => ({ account: `${credentials.environment}:${nameOf(credentials.clientId)}` }),

    async send(transfer) {
      const value = paypalAmount(transfer.amount, transfer.currency)
      if (value === null || !transfer.destination) return { outcome: 'refused', reason: 'PayPal takes no such amount or address' }
      let bearer: string
      try {
        bearer = await token()
      } catch (error) {
        return { outcome: 'not_sent', reason: wordOf(error) }
      }
      try {
        const { status, body } = await ask(bearer, '/v1/payments/payouts', batchOf(transfer, value))
        const made = v.safeParse(Batch, body)
        if (status >= 200 && status < 300)
          return made.success
            ? { outcome: 'pending', handle: made.output.batch_header.payout_batch_id, reason: 'PENDING' }
            : { outcome: 'unknown', reason: wordsOf(status, body) }
        const known = earlierBatch(body)
        if (known) return { outcome: 'pending', handle: known, reason: 'PENDING' }
        return { outcome: isRefusal(status, body), reason: wordsOf(status, body) }
      } catch (error) {
        return { outcome: neverLeft(error) ? 'not_sent' : 'unknown', reason: wordOf(error) }
      }
    },

    async lookUp(sent, now) {
      try {
        if (sent.handle) return await read(await token(), sent.handle, sent)
      } catch (error) {
        return { outcome: 'unknown', reason: wordOf(error) }
      }
      return byKey(sent, now)
    },
  }
}

/** An app by a name that tells it from others and is not its credential. */
function nameOf(clientId: string) {
  return `app-${createHash('sha256').update(clientId).digest('hex').slice(0, 12)}…${clientId.slice(-4)}`
}

/** What may be done about a batch of which no more is known than its key. */
function byKey({ lastSentAt, doubtSince, destination }: Sent, now: Date): Said {
  const since = (at: string | null) => now.getTime() - Date.parse(at ?? now.toISOString())
  if (!destination) return { outcome: 'unknown', reason: 'The address has been erased. Look for the batch at PayPal' }
  if (since(doubtSince) > KEY_LIVES_MS)
    return { outcome: 'unknown', reason: 'PayPal does not know the key any more. Look for the batch there' }
  if (since(lastSentAt) < SETTLED_MS) return { outcome: 'unknown', reason: 'The request may still be under way' }
  return { outcome: 'repeatable', reason: 'Sent again under the same key' }
}

function batchOf({ key, payoutId, currency, destination, note }: Transfer, value: string) {
  const sender_batch_header = { sender_batch_id: key, email_subject: note }
  const item = { recipient_type: 'EMAIL', receiver: destination, sender_item_id: payoutId, note }
  return { sender_batch_header, items: [{ ...item, amount: { value, currency } }] }
}

const DONE = ['SUCCESS']
const OVER = ['FAILED', 'DENIED', 'RETURNED', 'REFUNDED', 'REVERSED', 'CANCELED']

/** What a batch says of its one item. Whatever is not said to be over is not. */
function verdict({ batch_header, items }: v.InferOutput<typeof Batch>, { payoutId, amount, currency }: Transfer): Said {
  const { payout_batch_id: handle, batch_status } = batch_header
  const item = items.find(each => each.payout_item.sender_item_id === payoutId)
  const status = item?.transaction_status ?? ''
  if (!item && OVER.includes(batch_status)) return { outcome: 'refused', reason: worded(batch_status) }
  if (!item) return { outcome: 'pending', handle, reason: worded(batch_status) }
  const { value, currency: of } = item.payout_item.amount
  if (Number(value) !== Number(paypalAmount(amount, currency)) || of !== currency)
    return { outcome: 'unknown', reason: 'PayPal has another amount for this payout' }
  const reference = item.transaction_id ?? item.payout_item_id
  if (DONE.includes(status) && reference) return { outcome: 'done', reference }
  const { name, message } = item.errors ?? {}
  if (OVER.includes(status) || (!status && OVER.includes(batch_status)))
    return { outcome: 'refused', reason: worded(status || batch_status, name, message) }
  return { outcome: 'pending', handle, reason: worded(status || batch_status, name) }
}

/** The id of the batch that has had the same key, from the link to it; the link itself is never followed. */
function earlierBatch(body: unknown) {
  const { name, details, links } = v.is(Failure, body) ? v.parse(Failure, body) : v.parse(Failure, {})
  const isDuplicate =
    name === 'DUPLICATE_REQUEST_ID' || name === 'USER_BUSINESS_ERROR' || details?.some(each => isDuplicateOf(each))
  if (!isDuplicate) return null
  for (const { href } of links ?? []) {
    const [, id] = /\/v1\/payments\/payouts\/([A-Za-z0-9-]{1,64})(?:[?#]|$)/.exec(href ?? '') ?? []
    if (id) return id
  }
  return null
}

const isDuplicateOf = ({ field, issue }: { field: string | null; issue: string | null }) =>
  /sender_?batch_?id|duplicate/i.test(`${field} ${issue}`)

// No fault of the recipient: credentials, rights, funds, haste.
const OURS = /INSUFFICIENT_FUNDS|AUTHORIZATION|NOT_AUTHORIZED|PERMISSION|RATE_LIMIT|AUTHENTICATION/

/** An answer that is no batch. What may mean that there is one, a business error among it, leaves it open. */
function isRefusal(status: number, body: unknown): 'refused' | 'not_sent' | 'unknown' {
  const { name, details } = v.is(Failure, body) ? v.parse(Failure, body) : v.parse(Failure, {})
  if (status === 401 || status === 403 || status === 429) return 'not_sent'
  if (status < 400 || status >= 500 || name === null) return 'unknown'
  if (OURS.test(`${name} ${details?.map(each => each.issue).join(' ')}`)) return 'not_sent'
  return /^(USER_BUSINESS_ERROR|DUPLICATE_REQUEST_ID)$/.test(name) || details?.some(isDuplicateOf) ? 'unknown' : 'refused'
}

function wordsOf(status: number, body: unknown) {
  if (!v.is(Failure, body)) return worded(`status ${status}`)
  const { name, message, error_description, details } = v.parse(Failure, body)
  return worded(name ?? `status ${status}`, details?.[0]?.issue ?? message ?? error_description)
}

const wordOf = (error: unknown) => {
  const { message, cause } = error as Error
  return worded((cause as NodeJS.ErrnoException | undefined)?.code, message)
}
