import { describe, expect, test } from 'vitest'
import type { Settings } from '../../server/contract/programs.ts'
import { type Facts, isDisposable, isPaidVisit, judge, mailbox } from '../../server/rules/fraud.ts'
import { nextGrantAt, rewardStatusOf, rewardsFor, rewardTermsFor } from '../../server/rules/reward.ts'

const honest: Facts = {
  referredEmail: 'bob@example.org',
  referrerEmails: ['ada@example.com'],
  isOwnCode: false,
  isSameVisitor: false,
  isCircle: false,
  landingUrl: 'https://acme.example/?ref=ADA&utm_source=newsletter',
  signups: { inHour: 0, inDay: 0 },
  by: 'customer',
}
const all = (verdict: 'off' | 'flag' | 'hold') => ({
  selfReferral: verdict,
  disposableEmail: verdict,
  paidAds: verdict,
  velocity: verdict,
})

describe('A signup is odd', () => {
  test.each<[string, Partial<Facts>, string[]]>([
    ['in nothing', {}, []],
    ['without an address', { referredEmail: null, referrerEmails: [], landingUrl: null }, []],
    ['by one’s own code', { isOwnCode: true }, ['self_referral']],
    ['by the visitor who the referrer was', { isSameVisitor: true }, ['self_referral']],
    ['by the referrer’s address', { referredEmail: 'ADA@example.com' }, ['self_referral']],
    ['by one of several addresses', { referrerEmails: ['x@y.example', 'bob+1@example.org'] }, ['self_referral']],
    ['by a circle', { isCircle: true }, ['circle']],
    ['by a mailbox for minutes', { referredEmail: 'x@mailinator.com' }, ['disposable_email']],
    ['by an ad', { landingUrl: 'https://acme.example/?gclid=1' }, ['paid_ads']],
    ['as the eleventh friend in an hour', { signups: { inHour: 10, inDay: 10 } }, ['velocity']],
    ['not as the tenth', { signups: { inHour: 9, inDay: 29 } }, []],
    ['as the thirty-first friend in a day', { signups: { inHour: 0, inDay: 30 } }, ['velocity']],
    ['not as a partner’s hundredth reader', { signups: { inHour: 99, inDay: 499 }, by: 'partner' }, []],
    ['as a partner’s next', { signups: { inHour: 100, inDay: 100 }, by: 'partner' }, ['velocity']],
    [
      'in everything',
      {
        isOwnCode: true,
        isCircle: true,
        referredEmail: 'a@yopmail.com',
        landingUrl: 'https://a.example/?msclkid=1',
        signups: { inHour: 500, inDay: 500 },
      },
      ['self_referral', 'circle', 'disposable_email', 'paid_ads', 'velocity'],
    ],
  ])('%s', (_, facts, reasons) => {
    expect(judge({ ...honest, ...facts }, all('flag'))).toEqual({ reasons, holds: false })
    expect(judge({ ...honest, ...facts }, all('hold'))).toEqual({ reasons, holds: reasons.length > 0 })
    expect(judge({ ...honest, ...facts }, all('off'))).toEqual({ reasons: [], holds: false })
  })

  test('Each setting speaks for its own sign alone', () => {
    const odd = { ...honest, isCircle: true, referredEmail: 'a@yopmail.com', landingUrl: 'https://a.example/?gclid=1' }
    const verdicts: Settings['fraud'] = { ...all('off'), paidAds: 'hold', disposableEmail: 'flag' }
    expect(judge(odd, verdicts)).toEqual({ reasons: ['disposable_email', 'paid_ads'], holds: true })
    expect(judge({ ...odd, landingUrl: null }, verdicts)).toEqual({ reasons: ['disposable_email'], holds: false })
  })
})

describe('Two addresses are one mailbox', () => {
  test.each([
    ['ada@example.com', 'ADA@Example.COM'],
    ['ada@example.com', ' ada@example.com '],
    ['ada@example.com', 'ada+spring@example.com'],
    ['ada@example.com', 'ada+a+b@example.com'],
    ['ada@example.com', 'ada@example.com.'],
    ['ada@example.com', 'ａｄａ@ｅｘａｍｐｌｅ.com'],
    ['adalovelace@gmail.com', 'a.d.a.lovelace@gmail.com'],
    ['adalovelace@gmail.com', 'AdaLovelace+x@googlemail.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ])('%s and %s', (one, other) => {
    expect(mailbox(one)).toBe(mailbox(other))
  })

  test.each([
    ['ada@example.com', 'ada@example.org'],
    ['ada@example.com', 'a.da@example.com'],
    ['ada@example.com', 'adab@example.com'],
    ['ada@gmail.com', 'ada@gmail.com.example'],
    ['+ada@example.com', '+bob@example.com'],
    ['ada-x@example.com', 'ada-y@example.com'],
  ])('not %s and %s', (one, other) => {
    expect(mailbox(one)).not.toBe(mailbox(other))
  })
})

test.each([
  ['a@mailinator.com', true],
  ['a@MAILINATOR.com', true],
  ['a@team.mailinator.com', true],
  ['a@notmailinator.com', false],
  ['a@mailinator.com.example', false],
  ['a@gmail.com', false],
  ['a@com', false],
])('%s is thrown away: %j', (email, is) => {
  expect(isDisposable(email)).toBe(is)
})

test.each([
  ['https://a.example/?gclid=1', true],
  ['https://a.example/?ref=x&gbraid=1', true],
  ['https://a.example/?wbraid=1', true],
  ['https://a.example/?msclkid=1', true],
  ['https://a.example/?ttclid=1', true],
  ['https://a.example/?twclid=1', true],
  ['https://a.example/?li_fat_id=1', true],
  ['https://a.example/?yclid=1', true],
  ['https://a.example/?utm_medium=cpc', true],
  ['https://a.example/?utm_medium=Paid_Social', true],
  ['https://a.example/?fbclid=1', false],
  ['https://a.example/?utm_medium=social', false],
  ['https://a.example/?utm_source=gclid', false],
  ['https://a.example/gclid', false],
  ['not an address', false],
  [null, false],
])('%s was paid for: %j', (url, is) => {
  expect(isPaidVisit(url)).toBe(is)
})

describe('A promise', () => {
  const rewards = {
    enabled: true,
    referrerCredits: 10,
    referredCredits: 5,
    qualifyOn: 'signup' as const,
    maxPerReferrer: 3,
    review: 'off' as const,
    grantUrl: null,
  }
  const terms = { referrerCredits: 10, referredCredits: 5, qualifyOn: 'signup' as const, maxPerReferrer: 3 }
  const of = (changed: object) => rewardTermsFor({ rewards: { ...rewards, ...changed } } as Settings)

  test('is made where there is something to give', () => {
    expect(of({})).toEqual(terms)
    expect(of({ enabled: false })).toBe(null)
    expect(of({ referrerCredits: 0, referredCredits: 0 })).toBe(null)
    expect(of({ referrerCredits: 0 })).toEqual({ ...terms, referrerCredits: 0 })
  })

  test('becomes one reward for each side that gets any, under a key of its own', () => {
    const ends = { id: 'ref_1', customerId: 'cus_b', referrerCustomerId: 'cus_a' }
    const referrer = { role: 'referrer', customerId: 'cus_a', credits: 10, grantKey: 'ref_1:referrer' }
    const referred = { role: 'referred', customerId: 'cus_b', credits: 5, grantKey: 'ref_1:referred' }
    expect(rewardsFor(terms, ends)).toEqual([referrer, referred])
    expect(rewardsFor({ ...terms, referredCredits: 0 }, ends)).toEqual([referrer])
    expect(rewardsFor({ ...terms, referrerCredits: 0 }, ends)).toEqual([referred])
  })
})

test.each([
  [1, '00:00:10'],
  [2, '00:01:00'],
  [3, '00:05:00'],
  [4, '00:30:00'],
  [5, '01:00:00'],
  [6, '01:00:00'],
  [5_000, '01:00:00'],
])('After %i failures a grant is tried again in %s', (attempts, wait) => {
  expect(nextGrantAt(attempts, new Date('2026-03-01T00:00:00Z')).slice(11, 19)).toBe(wait)
})

test.each([
  [null, null, 'pending'],
  ['a', null, 'granted'],
  [null, 'b', 'cancelled'],
  ['a', 'b', 'reversed'],
])('granted %j and reversed %j is %s', (grantedAt, reversedAt, status) => {
  expect(rewardStatusOf({ grantedAt, reversedAt })).toBe(status)
})
