import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Token } from '../../server/contract/auth.ts'
import { ProgramList } from '../../server/contract/programs.ts'
import { loginLimit } from '../../server/limit.ts'
import { answered, refused } from '../support/replies.ts'
import { type Ask, admin, type TestServer, testServer } from '../support/server.ts'

// Every sign-in is slow by design.
vi.setConfig({ testTimeout: 60_000 })

let server: TestServer

beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1,::1' })
})
afterAll(() => server.stop())

const logIn = (body: Ask['body'], from = '198.51.100.1') =>
  server.ask('POST', '/v1/auth/login', { body, headers: { 'x-forwarded-for': from } })
const programs = (token: string) => server.ask('GET', '/v1/apps', { token })

describe('Signing in', () => {
  test('gives a token for twelve hours to whoever knows the password', async () => {
    const { token, expiresAt } = answered(await logIn(admin), 200, Token)
    expect(Date.parse(expiresAt) - server.clock.now.getTime()).toBe(12 * 3_600_000)
    answered(await programs(token), 200, ProgramList)
  })

  test('takes the address in any letter case, and with spaces around it', async () => {
    answered(await logIn({ ...admin, email: ' Admin@Example.COM ' }), 200, Token)
  })

  test('answers a wrong password and an unknown address alike', async () => {
    const wrong = await logIn({ ...admin, password: 'not that one' })
    const unknown = await logIn({ ...admin, email: 'nobody@example.com' })
    refused(wrong, 401, 'wrong_login')
    expect(unknown.text).toBe(wrong.text)
  })

  test.each([
    [{}],
    [{ email: admin.email }],
    [{ password: admin.password }],
    [{ email: 'admin', password: admin.password }],
  ])('wants an address and a password: %j', async body => {
    expect(refused(await logIn(body), 422, 'invalid')).not.toEqual([])
  })

  test('after eight wrong guesses from one place waits there, even for the right password, and nowhere else', async () => {
    const place = '203.0.113.7'
    for (let guess = 1; guess <= 8; guess++)
      refused(await logIn({ ...admin, password: `guess ${guess}` }, place), 401, 'wrong_login')
    const late = await logIn(admin, place)
    refused(late, 429, 'too_many_logins')
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(800)
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(900)
    answered(await logIn(admin, '203.0.113.8'), 200, Token)
  })

  test('forgets wrong guesses once the right password has been given', async () => {
    const place = '203.0.113.9'
    for (let guess = 1; guess <= 7; guess++)
      refused(await logIn({ ...admin, password: `guess ${guess}` }, place), 401, 'wrong_login')
    answered(await logIn(admin, place), 200, Token)
    refused(await logIn({ ...admin, password: 'guess 8' }, place), 401, 'wrong_login')
    answered(await logIn(admin, place), 200, Token)
  })
})

describe('Guesses from many places', () => {
  const guesses = async (limit: ReturnType<typeof loginLimit>, places: number) => {
    let evaluated = 0
    for (let guess = 0; guess < places * 8; guess++) {
      await limit.attempt(`10.0.${guess >> 11}.${guess & 255}`, 'admin@example.com').then(
        () => evaluated++,
        () => {},
      )
    }
    return evaluated
  }

  test('are 200 an hour against one account, however many places there are', async () => {
    expect(await guesses(loginLimit(), 1_000)).toBe(200)
  })

  test('do not lock out an admin who has signed in before from where they are', async () => {
    const limit = loginLimit()
    await limit.attempt('198.51.100.1', 'admin@example.com')
    await limit.succeeded('198.51.100.1', 'admin@example.com')
    await guesses(limit, 1_000)
    await expect(limit.attempt('198.51.100.1', 'admin@example.com')).resolves.toBeUndefined()
    await expect(limit.attempt('198.51.100.2', 'admin@example.com')).rejects.toThrow('too_many_logins')
  })

  test('are not mistaken for the many who sign in from one office', async () => {
    const limit = loginLimit()
    for (let person = 0; person < 100; person++) {
      await limit.attempt('192.0.2.1', `a${person}@example.com`)
      await limit.succeeded('192.0.2.1', `a${person}@example.com`)
    }
  })

  test('against forty accounts from one place are enough', async () => {
    const limit = loginLimit()
    for (let account = 0; account < 40; account++) await limit.attempt('192.0.2.1', `a${account}@example.com`)
    await expect(limit.attempt('192.0.2.1', 'another@example.com')).rejects.toThrow('too_many_logins')
  })
})

describe('A token', () => {
  test('stops working when its session is ended, and no other does', async () => {
    const [mine, other] = [await logIn(admin), await logIn(admin)]
    const ended = await server.ask('POST', '/v1/auth/logout', { token: mine.body.token })
    answered(ended, 200, v.object({ ended: v.literal(true) }))
    refused(await programs(mine.body.token), 401, 'bad_credential')
    refused(await server.ask('POST', '/v1/auth/logout', { token: mine.body.token }), 401, 'bad_credential')
    answered(await programs(other.body.token), 200, ProgramList)
  })

  test('runs out after twelve hours', async () => {
    const { token } = answered(await logIn(admin), 200, Token)
    const began = server.clock.now
    server.clock.now = new Date(began.getTime() + 12 * 3_600_000 - 1_000)
    answered(await programs(token), 200, ProgramList)
    server.clock.now = new Date(began.getTime() + 12 * 3_600_000)
    refused(await programs(token), 401, 'bad_credential')
    server.clock.now = began
  })
})
