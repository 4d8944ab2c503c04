import { createHmac } from 'node:crypto'

export type Signing = {
  /** The event's: the same over all attempts, so that a receiver knows what it has seen. */
  id: string
  at: Date
  body: string
  /** As they were shown to the user, the newest first. More than one while a secret is being replaced. */
  secrets: readonly [string, ...string[]]
  /** Counted from 1. */
  attempt: number
  /** What the documented header is called. */
  header: string
}

/**
 * The headers that sign a body in both ways. The documented one is `sha256=` and the hex HMAC of the body under the secret
 * as it is shown; it holds one signature only, so while two secrets are good the attempts take turns, beginning with the new
 * one. Those of Standard Webhooks sign `id.timestamp.body` with the bytes that the secret stands for, once for each secret.
 */
export function signatures({ id, at, body, secrets, attempt, header }: Signing): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const one = secrets[(attempt - 1) % secrets.length] as string
  return {
    [header]: `sha256=${createHmac('sha256', one).update(body).digest('hex')}`,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(secret => standard(secret, `${id}.${timestamp}.${body}`)).join(' '),
  }
}

function standard(secret: string, content: string) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}
