import { describe, expect, test } from 'vitest'
import { canSend, paypalAmount, stripeAmount } from '../../server/rules/provider-amount.ts'
import { isUnderWay, nextOf, type Said, type SendingState } from '../../server/rules/sending.ts'

const now = new Date('2026-03-10T12:00:00Z')
const since = '2026-03-10T11:00:00Z'
const fresh = { keyNumber: 1, doubtSince: null, lastSentAt: null, tries: 0, handle: null, inDoubt: false, isFirst: true }
const sent = { ...fresh, doubtSince: since, lastSentAt: since }
const again = { ...sent, inDoubt: true, isFirst: false }
type Before = Parameters<typeof nextOf>[2]

const done: Said = { outcome: 'done', reference: 'tr_1' }
const pending: Said = { outcome: 'pending', handle: 'B1', reason: 'PENDING' }
const said = (outcome: 'refused' | 'not_sent' | 'absent' | 'repeatable' | 'unknown'): Said => ({ outcome, reason: 'So' })

describe('What becomes of a sending', () => {
  test.each<['send' | 'look_up', Said, Before, SendingState, number, boolean]>([
    ['send', done, sent, 'paid', 1, false],
    ['send', pending, sent, 'pending', 1, false],
    ['send', said('refused'), sent, 'failed', 1, false],
    ['send', said('not_sent'), sent, 'waiting', 2, false],
    ['send', said('unknown'), sent, 'unknown', 1, true],
    // What is said of a repetition says nothing of what went before, unless that is found.
    ['send', said('refused'), again, 'unknown', 1, true],
    ['send', said('not_sent'), again, 'unknown', 1, true],
    ['send', done, again, 'paid', 1, false],
    ['send', pending, again, 'pending', 1, false],
    // It was proven that nothing had arrived, and yet the key stays.
    ['send', said('not_sent'), { ...sent, isFirst: false }, 'waiting', 1, false],
    ['look_up', said('absent'), sent, 'waiting', 1, false],
    ['look_up', said('repeatable'), sent, 'waiting', 1, true],
    ['look_up', said('unknown'), sent, 'unknown', 1, true],
    ['look_up', said('refused'), sent, 'failed', 1, false],
    ['look_up', said('unknown'), { ...sent, handle: 'B1' }, 'pending', 1, true],
  ])('%s, %j: %j → %s', (act, what, before, state, keyNumber, isInDoubt) => {
    const next = nextOf(act, what, before, now)
    expect([next.state, next.keyNumber, next.doubtSince !== null]).toEqual([state, keyNumber, isInDoubt])
    expect(next.nextAt === null).toBe(!isUnderWay(state))
  })

  test('It is asked after soon, then ever less often, and never given up', () => {
    const waits = Array.from({ length: 60 }, (_, tries) => {
      const { nextAt } = nextOf('look_up', said('unknown'), { ...again, tries }, now)
      return ((nextAt as Date).getTime() - now.getTime()) / 60_000
    })
    expect(waits.slice(0, 7)).toEqual([0.5, 1, 2, 5, 15, 30, 60])
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits.at(-1)).toBe(360)
  })

  test('What cannot be sent is tried for a day, and then stopped', () => {
    let standing = { ...fresh }
    let at = now
    for (let tries = 1; tries < 100; tries++) {
      const next = nextOf('send', said('not_sent'), standing, at)
      if (next.state === 'stopped') {
        expect((at.getTime() - now.getTime()) / 3_600_000).toBeGreaterThan(20)
        return expect(next.nextAt).toBeNull()
      }
      standing = { ...standing, tries: next.tries, keyNumber: next.keyNumber }
      at = next.nextAt as Date
    }
    expect.unreachable()
  })
})

describe('Amounts as providers count them', () => {
  test.each<[number, string, number | null, string | null]>([
    [11_960, 'EUR', 11_960, '119.60'],
    [5, 'EUR', 5, '0.05'],
    [1_000, 'JPY', 1_000, '1000'],
    [5, 'ISK', 500, null],
    [700, 'UGX', 70_000, null],
    [1_230, 'KWD', 1_230, null],
    [1_234, 'KWD', null, null],
    [500, 'MGA', 5, null],
    [501, 'MGA', null, null],
    [120_000, 'HUF', 120_000, '1200'],
    [120_050, 'HUF', 120_050, null],
    [120_000, 'TWD', 120_000, '1200'],
    [1_000_000_000_000, 'USD', 1_000_000_000_000, '10000000000.00'],
  ])('%i %s', (amount, currency, stripe, paypal) => {
    expect([stripeAmount(amount, currency), paypalAmount(amount, currency)]).toEqual([stripe, paypal])
    expect([canSend('stripe', amount, currency), canSend('paypal', amount, currency)]).toEqual([stripe !== null, paypal !== null])
  })
})
