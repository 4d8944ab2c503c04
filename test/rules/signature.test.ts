import { createHmac, randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { signatures } from '../../server/rules/signature.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const older = `whsec_${randomBytes(32).toString('base64')}`
const body = '{"id":"evt_1","event":"referral.created","created_at":"2026-03-10T12:00:00.000Z","data":{"name":"Zoë"}}'
const header = 'x-quantumapi-signature'
const sign = (more: Partial<Parameters<typeof signatures>[0]> = {}) =>
  signatures({ id: 'evt_1', at: new Date(), body, secrets: [secret], attempt: 1, header, ...more })

/** As the Partner API documents it. */
function verifyWebhook(payload: string, signature: string | undefined, secret: string) {
  const expected = createHmac('sha256', secret).update(payload).digest('hex')
  return signature === `sha256=${expected}`
}

describe('A signature', () => {
  test('passes the documented verifier and the Standard Webhooks library', () => {
    const headers = sign()
    expect(verifyWebhook(body, headers[header], secret)).toBe(true)
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  })

  test('is the one that Standard Webhooks gives as its example', () => {
    const headers = sign({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' })
    expect(headers['webhook-timestamp']).toBe('1614265330')
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test('fails where anything that it covers is changed', () => {
    const headers = sign()
    const verify = (text: string, more: Record<string, string> = {}) => new Webhook(secret).verify(text, { ...headers, ...more })
    expect(() => verify(body.replace('Zoë', 'Zoe'))).toThrow()
    expect(() => verify(body, { 'webhook-id': 'evt_2' })).toThrow()
    expect(() => verify(body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow()
    expect(() => new Webhook(older).verify(body, headers)).toThrow()
    expect(verifyWebhook(`${body} `, headers[header], secret)).toBe(false)
    expect(verifyWebhook(body, headers[header], older)).toBe(false)
  })

  test('goes by the name that the program has given it', () => {
    expect(Object.keys(sign({ header: 'x-acme-signature' }))).toEqual([
      'x-acme-signature',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ])
  })
})

describe('While a secret is being replaced', () => {
  const secrets = [secret, older] as const

  test('the library accepts either at every attempt', () => {
    for (const attempt of [1, 2, 3]) {
      const headers = sign({ secrets, attempt })
      for (const each of secrets) expect(new Webhook(each).verify(body, headers)).toEqual(JSON.parse(body))
    }
  })

  test('the documented header, which holds one signature, takes turns: new, old, new, old', () => {
    const passes = [1, 2, 3, 4].map(attempt => secrets.map(each => verifyWebhook(body, sign({ secrets, attempt })[header], each)))
    expect(passes).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ])
  })
})
