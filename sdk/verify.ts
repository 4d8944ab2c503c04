import type { MislataEvent } from './events.ts'

type Bytes = string | Uint8Array<ArrayBuffer> | ArrayBuffer
type HeadersLike = Headers | Record<string, string | string[] | undefined>

export type Delivered = {
  /** The body exactly as it arrived. What a framework has parsed and written again is signed by nobody. */
  payload: Bytes
  headers: HeadersLike
  /** The endpoint's secret (`whsec_…`); while one is being exchanged, both. */
  secret: string | readonly string[]
  /** How far the sender's clock and this one may be apart, and how late a delivery may be shown again. Default: 300. */
  toleranceSeconds?: number
}

/** The delivery is not to be believed; answer 400. `reason` is for logs. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly reason: 'no_signature' | 'too_old' | 'wrong_signature' | 'not_json'

  constructor(reason: WebhookVerificationError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * The event that a webhook tells, once its Standard Webhooks signature over id, time and body is found good; throws a
 * `WebhookVerificationError` otherwise. `id` is the same for every attempt: keep it, and tell a repetition by it.
 */
export async function verifyWebhook({ payload, headers, secret, toleranceSeconds = 300 }: Delivered): Promise<MislataEvent> {
  const id = header(headers, 'webhook-id')
  const timestamp = header(headers, 'webhook-timestamp')
  const signatures = header(headers, 'webhook-signature')
  if (!id || !timestamp || !signatures)
    throw new WebhookVerificationError('no_signature', 'It has no webhook-id, webhook-timestamp and webhook-signature.')
  const age = Math.abs(Date.now() / 1000 - (/^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN))
  if (!(age <= toleranceSeconds))
    throw new WebhookVerificationError('too_old', `It was signed more than ${toleranceSeconds} seconds ago, or later than now.`)

  const body = bytesOf(payload)
  const signed = joined(bytesOf(`${id}.${timestamp}.`), body)
  const given = signatures.split(' ').flatMap(each => (each.startsWith('v1,') ? [fromBase64(each.slice(3))] : []))
  const keys = (typeof secret === 'string' ? [secret] : secret).map(each => fromBase64(each.replace(/^whsec_/, '')))
  let good = false
  for (const key of keys) for (const signature of given) if (await isSignedBy(key, signature, signed)) good = true
  if (!good) throw new WebhookVerificationError('wrong_signature', 'Its signature was not made with this secret over this body.')

  try {
    return JSON.parse(new TextDecoder().decode(body)) as MislataEvent
  } catch {
    throw new WebhookVerificationError('not_json', 'It is signed, but it is not JSON.')
  }
}

/**
 * True where `signature`, the value of the header `x-quantumapi-signature` (`sha256=<hex>`), is good for the body. It says
 * nothing of when the body was signed: prefer `verifyWebhook`, which also refuses what is shown again later.
 */
export async function verifySignature(payload: Bytes, signature: string | null | undefined, secret: string): Promise<boolean> {
  const hex = /^sha256=([0-9a-f]{64})$/.exec(signature ?? '')?.[1]
  if (!hex) return false
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
  return isSignedBy(bytesOf(secret), bytes, bytesOf(payload))
}

// The platform compares in a time that tells nothing of where the difference is.
async function isSignedBy(secret: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>) {
  if (!secret.length) return false
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, signature, signed)
}

function header(headers: HeadersLike, name: string) {
  // Of another realm, they are no instance of this one's Headers.
  if (typeof headers.get === 'function') return (headers as Headers).get(name) ?? undefined
  const found = Object.entries(headers as Exclude<HeadersLike, Headers>).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(found) ? found.join(' ') : found
}

function bytesOf(given: Bytes): Uint8Array<ArrayBuffer> {
  if (typeof given === 'string') return new TextEncoder().encode(given)
  return ArrayBuffer.isView(given) ? given : new Uint8Array(given)
}

function joined(one: Uint8Array, other: Uint8Array) {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

/** Nothing for what is not base64: it then signs nothing. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
