import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NotAttributed } from '../../server/contract/referrals.ts'
import { change, click, day, hour, pass, refer } from '../support/acts.ts'
import { answered } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer({ TRUSTED_PROXIES: '127.0.0.1' })
  acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'JANE20' })
  await newPartner(server, acme, { slug: 'BOB' })
})
afterAll(() => server.stop())

// Each test has a customer and a visitor of its own.
let tests = 0
let customerId = ''
let from = ''
beforeEach(() => {
  tests++
  customerId = `customer-${tests}`
  from = `203.0.113.${tests}`
})

const visit = (code: string, program = acme) => click(server, program, { code, from })
const signUp = (source: Record<string, unknown>) =>
  server.ask('POST', '/v1/referrals', { key: acme.secret, body: { customerId, ...source } })
const attributed = (source: Record<string, unknown>) => refer(server, acme, { customerId, ...source })
const nobody = async (source: Record<string, unknown>) => answered(await signUp(source), 200, NotAttributed).reason

describe('A click counts', () => {
  test.each([
    [30, 29 * day + 23 * hour, true],
    [30, 30 * day, true],
    [30, 30 * day + 1000, false],
    [7, 7 * day - 1000, true],
    [7, 7 * day + 1000, false],
    [1, day + 1000, false],
  ])('for %i days, by its own time: after %i ms %s', async (cookieDurationDays, ms, counts) => {
    await change(server, acme, { cookieDurationDays })
    const { clickId, expiresAt } = await visit('JANE20')
    expect(Date.parse(expiresAt)).toBe(server.clock.now.getTime() + cookieDurationDays * day)
    pass(server, ms)
    for (const [i, source] of [{ clickId }, { ref: `JANE20.${clickId}` }].entries()) {
      customerId = `window-${tests}-${i}`
      if (counts) expect(await attributed(source)).toMatchObject({ clickId })
      else expect(await nobody(source)).toBe('expired')
    }
    await change(server, acme, { cookieDurationDays: 30 })
  })

  test.each([
    ['last', 'BOB'],
    ['first', 'JANE20'],
  ])('as the %s one of two, in whatever order they are named: %s', async (attribution, winner) => {
    await change(server, acme, { attribution })
    const early = await visit('JANE20')
    pass(server, day)
    const late = await visit('BOB')
    expect((await attributed({ ref: `JANE20.${early.clickId}`, clickId: late.clickId })).code).toBe(winner)
    customerId += '-turned'
    expect((await attributed({ ref: `BOB.${late.clickId}`, clickId: early.clickId })).code).toBe(winner)
    await change(server, acme, { attribution: 'last' })
  })

  test('as the first one only while its own window lasts', async () => {
    await change(server, acme, { attribution: 'first' })
    const early = await visit('JANE20')
    pass(server, 20 * day)
    const late = await visit('BOB')
    pass(server, 11 * day)
    expect((await attributed({ ref: `JANE20.${early.clickId}`, clickId: late.clickId })).code).toBe('BOB')
    await change(server, acme, { attribution: 'last' })
  })

  test('less than a code that was typed, unless the program says otherwise', async () => {
    const { clickId } = await visit('JANE20')
    expect((await attributed({ clickId, code: 'BOB' })).code).toBe('BOB')
    await change(server, acme, { couponBeatsClick: false })
    customerId += '-click'
    expect((await attributed({ clickId, code: 'BOB' })).code).toBe('JANE20')
    customerId += '-none'
    expect((await attributed({ clickId: 'clk_notOnRecord0000001', code: 'BOB' })).code).toBe('BOB')
    await change(server, acme, { couponBeatsClick: true })
  })
})
