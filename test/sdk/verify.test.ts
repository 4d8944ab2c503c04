import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifySignature, verifyWebhook, WebhookVerificationError } from '../../sdk/index.ts'

const secret = `whsec_${Buffer.from('a key of thirty-two bytes, is it').toString('base64')}`
const other = `whsec_${Buffer.from('another key of thirty-two bytes.').toString('base64')}`
const event = { id: 'evt_1', event: 'referral.created', created_at: '2026-03-10T12:00:00Z', data: { sequence: 1, name: 'Zoë' } }
const payload = JSON.stringify(event)
const now = new Date('2026-03-10T12:00:00Z')

/** As the official library signs it. */
function signed(by = secret, { body = payload, at = now } = {}) {
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('evt_1', at, body),
  }
}

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe('A webhook is believed', () => {
  test.each<[string, any]>([
    ['as text', payload],
    ['as bytes', new TextEncoder().encode(payload)],
    ['as a Buffer', Buffer.from(payload)],
    ['as an ArrayBuffer', new TextEncoder().encode(payload).buffer],
  ])('with its body %s', async (_, body) => {
    expect(await verifyWebhook({ payload: body, headers: signed(), secret })).toEqual(event)
  })

  test.each<[string, any]>([
    ['of fetch', new Headers(signed())],
    ['of Node', signed()],
    ['in other letters', Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]))],
    ['as lists', Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name, [value]]))],
  ])('with headers %s', async (_, headers) => {
    expect(await verifyWebhook({ payload, headers, secret })).toEqual(event)
  })

  test('while its secret is being exchanged, on either side', async () => {
    const both = { ...signed(), 'webhook-signature': `${signed(other)['webhook-signature']} ${signed()['webhook-signature']}` }
    expect(await verifyWebhook({ payload, headers: both, secret })).toEqual(event)
    expect(await verifyWebhook({ payload, headers: signed(), secret: [other, secret] })).toEqual(event)
  })

  test('with a signature of another version beside its own', async () => {
    const more = { ...signed(), 'webhook-signature': `v1a,AAAA v2,zzz ${signed()['webhook-signature']}` }
    expect(await verifyWebhook({ payload, headers: more, secret })).toEqual(event)
  })

  test('up to the tolerance, and no longer', async () => {
    const late = (seconds: number) => signed(secret, { at: new Date(now.getTime() - seconds * 1000) })
    expect(await verifyWebhook({ payload, headers: late(300), secret })).toEqual(event)
    expect(await verifyWebhook({ payload, headers: late(-300), secret })).toEqual(event)
    await expect(verifyWebhook({ payload, headers: late(301), secret })).rejects.toMatchObject({ reason: 'too_old' })
    await expect(verifyWebhook({ payload, headers: late(-301), secret })).rejects.toMatchObject({ reason: 'too_old' })
    expect(await verifyWebhook({ payload, headers: late(3_000), secret, toleranceSeconds: 3_600 })).toEqual(event)
  })
})

describe('A webhook is not believed', () => {
  const { 'webhook-signature': right } = signed()
  const withSignature = (signature: string) => ({ ...signed(), 'webhook-signature': signature })
  const { 'webhook-id': _, ...withoutId } = signed()

  test.each<[string, string, any]>([
    ['without headers', 'no_signature', { headers: {} }],
    ['without its id', 'no_signature', { headers: withoutId }],
    ['with another body', 'wrong_signature', { payload: `${payload} ` }],
    ['under another id', 'wrong_signature', { headers: { ...signed(), 'webhook-id': 'evt_2' } }],
    ['at another time', 'wrong_signature', { headers: { ...signed(), 'webhook-timestamp': `${now.getTime() / 1000 - 1}` } }],
    ['at no time', 'too_old', { headers: { ...signed(), 'webhook-timestamp': 'now' } }],
    ['of another secret', 'wrong_signature', { secret: other }],
    ['with no secret', 'wrong_signature', { secret: '' }],
    ['with no secrets', 'wrong_signature', { secret: [] }],
    ['with a secret that is not base64', 'wrong_signature', { secret: 'whsec_***' }],
    ['with a signature without version', 'wrong_signature', { headers: withSignature(right.slice(3)) }],
    ['with a signature of another version', 'wrong_signature', { headers: withSignature(right.replace('v1', 'v2')) }],
    ['with the beginning of a signature', 'wrong_signature', { headers: withSignature(right.slice(0, 20)) }],
    ['with an empty signature', 'wrong_signature', { headers: withSignature('v1,') }],
    ['with a signature that is not base64', 'wrong_signature', { headers: withSignature('v1,***') }],
    ['that is no JSON', 'not_json', { payload: 'hello', headers: signed(secret, { body: 'hello' }) }],
  ])('%s', async (_, reason, wrong) => {
    const verified = verifyWebhook({ payload, headers: signed(), secret, ...wrong })
    await expect(verified).rejects.toBeInstanceOf(WebhookVerificationError)
    await expect(verified).rejects.toMatchObject({ reason })
  })
})

describe('The documented signature', () => {
  const documented = (by = secret) => `sha256=${createHmac('sha256', by).update(payload).digest('hex')}`

  test('is good for its body and secret', async () => {
    expect(await verifySignature(payload, documented(), secret)).toBe(true)
    expect(await verifySignature(Buffer.from(payload), documented(), secret)).toBe(true)
  })

  test.each<[string, [any, any, string]]>([
    ['another body', [`${payload} `, documented(), secret]],
    ['another secret', [payload, documented(), other]],
    ['no secret', [payload, documented(), '']],
    ['no signature', [payload, undefined, secret]],
    ['an empty one', [payload, '', secret]],
    ['one without its prefix', [payload, documented().slice(7), secret]],
    ['one that is too short', [payload, documented().slice(0, -2), secret]],
    ['one that is too long', [payload, `${documented()}00`, secret]],
  ])('is not good with %s', async (_, args) => {
    expect(await verifySignature(...args)).toBe(false)
  })
})
