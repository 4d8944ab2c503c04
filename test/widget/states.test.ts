import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, barriersByNight } from './axe.ts'
import { application, commission, dashboard, enrolled, notApplied, notEnrolled, problem, program, series } from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({ oneDocument: true })
})
afterAll(() => stage.close())

const KEY = 'publishable-key="mislata_pk_1"'
const SESSION = `token="${tokenFor('cus_1')}"`
const STATUS = 'GET /v1/affiliate/apply/status'
const MEMBER = 'GET /v1/affiliate'
const DASHBOARD = 'GET /v1/affiliate/dashboard'
const never = new Promise(() => {})

const flat = { type: 'flat', rate: 0, flatAmount: 1500, recurringMonths: null, recurringPayments: 3 } as const
const nothing = { clicks: 0, signups: 0, conversions: 0 }

type State = { shows: RegExp; element: string; answers?: Answers; tells?: string[]; loading?: true }
const states: Record<string, State> = {
  'the form': {
    element: `<mislata-apply ${KEY}></mislata-apply>`,
    answers: { [STATUS]: () => ({ body: notApplied() }) },
    shows: /Become a partner.*Earn 20% of every payment by the customers you bring, for 12 months\./,
    tells: ['ready', 'status none'],
  },
  'the form of a program that pays a fixed amount': {
    element: `<mislata-program ${KEY}></mislata-program>`,
    answers: { [STATUS]: () => ({ body: notApplied({ currency: 'JPY', commission: flat }) }) },
    shows: /Earn JP¥1,500 for every payment by the customers you bring, for the first 3 payments\./,
  },
  'the form of a program that pays a fixed amount in euros': {
    element: `<mislata-apply ${KEY}></mislata-apply>`,
    answers: { [STATUS]: () => ({ body: notApplied({ commission: { ...flat, flatAmount: 10.5, recurringPayments: null } }) }) },
    shows: /Earn €10\.50 for every payment by the customers you bring\./,
  },
  'the form, loading': {
    element: `<mislata-apply ${KEY}></mislata-apply>`,
    answers: { [STATUS]: () => ({ after: never }) },
    shows: /Loading/,
    tells: [],
    loading: true,
  },
  'an application in review': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ body: application('pending') }) },
    shows: /In review.*Your application is in.*Acme is looking at it/,
    tells: ['ready', 'status pending'],
  },
  'an application of somebody who is signed in': {
    element: `<mislata-program ${SESSION}></mislata-program>`,
    answers: { [MEMBER]: () => ({ body: notEnrolled({ status: 'pending' }) }) },
    shows: /In review.*The company is looking at it/,
  },
  'a rejected application, with its reason': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ body: application('rejected', { rejectionReason: 'Not a good fit at this time' }) }) },
    shows: /Not accepted.*What they wrote.*Not a good fit at this time/,
    tells: ['ready', 'status rejected'],
  },
  'a rejected application, without one': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ body: application('rejected') }) },
    shows: /No reason was given/,
  },
  'an accepted application of a visitor': {
    element: `<mislata-program ${KEY}></mislata-program>`,
    answers: { [STATUS]: () => ({ body: application('approved', { code: 'JANE20' }) }) },
    shows: /You are in.*Sign in to see your link.*JANE20/,
    tells: ['ready', 'status approved'],
  },
  'no application, with the step to one': {
    element: `<mislata-status ${KEY}></mislata-status>`,
    answers: { [STATUS]: () => ({ body: notApplied() }) },
    shows: /You have not applied yet.*Apply now/,
  },
  'a dashboard for somebody who is no partner': {
    element: `<mislata-dashboard ${SESSION} ${KEY}></mislata-dashboard>`,
    answers: {
      [DASHBOARD]: () => ({ status: 404, body: problem(404, 'not_a_partner') }),
      [MEMBER]: () => ({ body: notEnrolled() }),
      [STATUS]: () => ({ body: notApplied() }),
    },
    shows: /You have not applied yet.*as soon as you are a partner.*Apply now/,
  },
  'a dashboard, loading': {
    element: `<mislata-dashboard ${SESSION}></mislata-dashboard>`,
    answers: { [DASHBOARD]: () => ({ after: never }) },
    shows: /Loading/,
    loading: true,
  },
  'a dashboard for somebody who is not signed in': {
    element: `<mislata-dashboard ${KEY}></mislata-dashboard>`,
    shows: /Sign in to see your dashboard/,
  },
  'the dashboard': {
    element: `<mislata-program ${SESSION}></mislata-program>`,
    answers: { [MEMBER]: () => ({ body: enrolled() }), [DASHBOARD]: () => ({ body: dashboard() }) },
    shows: /Partner dashboard.*Active.*€129\.40.*€95\.60.*€1,435\.20.*4\.2%.*Latest earnings.*−€24\.00/,
    tells: ['ready', 'status active'],
  },
  'the dashboard, empty': {
    element: `<mislata-dashboard ${SESSION}></mislata-dashboard>`,
    answers: {
      [DASHBOARD]: () => ({
        body: dashboard({
          affiliate: { pendingBalance: 0, approvedBalance: 0, paidTotal: 0 },
          stats: { ...nothing, conversionRate: 0 },
          series: series(30, () => ({ ...nothing, earned: 0 })),
          commissions: [],
          payouts: [],
        }),
      }),
    },
    shows: /nothing to pay yet.*no payout yet.*0 clicks.*No clicks in this time.*Nothing earned yet/,
  },
  'the dashboard of another currency, brand and balance': {
    element: `<mislata-dashboard ${SESSION}></mislata-dashboard>`,
    answers: {
      [DASHBOARD]: () => ({
        body: dashboard({
          affiliate: { currency: 'JPY', pendingBalance: 123456789, approvedBalance: -300, paidTotal: 1500 },
          program: program({ currency: 'JPY', minPayoutAmount: 5000, commission: flat, brand: { accent: '#ffe066' } }),
          commissions: (['held', 'rejected', 'reversed'] as const).map((status, index) =>
            commission({ currency: 'JPY', status, occurredAt: `2026-11-0${index + 1}T10:00:00Z` }),
          ),
        }),
      }),
    },
    shows: /JP¥123,456,789.*−JP¥300 taken from what you earn next.*EUR.*On hold.*Not accepted.*Taken back/,
  },
  'a deactivated partner': {
    element: `<mislata-program ${SESSION}></mislata-program>`,
    answers: { [MEMBER]: () => ({ status: 403, body: problem(403, 'partner_deactivated') }) },
    shows: /Deactivated.*Your partnership has ended/,
    tells: ['ready', 'status deactivated'],
  },
  'a session that has ended': {
    element: `<mislata-dashboard ${SESSION}></mislata-dashboard>`,
    answers: { [DASHBOARD]: () => ({ status: 401, body: problem(401, 'bad_credential') }) },
    shows: /Your session has ended.*Try again/,
    tells: ['error session_ended'],
  },
  'a server that fails': {
    element: `<mislata-program ${KEY}></mislata-program>`,
    answers: { [STATUS]: () => ({ status: 500, body: problem(500, 'internal') }) },
    shows: /This could not be loaded.*Something went wrong on our side/,
    tells: ['error internal'],
  },
  'a server that is not there': {
    element: `<mislata-program ${KEY}></mislata-program>`,
    answers: { [STATUS]: () => ({ cut: true }) },
    shows: /The server cannot be reached/,
    tells: ['error unreachable'],
  },
  'a server that answers something else': {
    element: `<mislata-program ${KEY}></mislata-program>`,
    answers: { [STATUS]: () => ({ body: { applied: 'perhaps' } }) },
    shows: /Something went wrong on our side/,
    tells: ['error unexpected_reply'],
  },
  'a page that the program does not allow': {
    element: `<mislata-apply ${KEY}></mislata-apply>`,
    answers: { [STATUS]: () => ({ status: 403, body: problem(403, 'origin_not_allowed') }) },
    shows: /This site may not show the programme yet/,
  },
  'too many requests': {
    element: `<mislata-apply ${KEY}></mislata-apply>`,
    answers: { [STATUS]: () => ({ status: 429, body: problem(429, 'too_many_requests'), headers: { 'retry-after': '120' } }) },
    shows: /Try again in 2 minutes/,
  },
  'an element without a key': {
    element: '<mislata-apply></mislata-apply>',
    shows: /the element needs a publishable-key/,
    tells: ['error missing_key'],
  },
}

describe('Every state says what it should, to everybody, by day and by night, under the strictest policy', () => {
  test.each(Object.entries(states))('%s', async (_, { element, answers, shows, tells, loading }) => {
    const { page, faults, close } = await stage.open(element, { answers, now: '2026-11-21T12:00:00Z' })
    await page.locator(loading ? '.skeleton' : 'h2').waitFor()

    expect((await page.locator('.card').innerText()).replaceAll(/\s+/g, ' ').trim()).toMatch(shows)
    const seen = await page.evaluate(() => window.seen)
    if (tells)
      expect(seen.map(({ type, detail }) => [type, detail.status ?? detail.code].filter(Boolean).join(' '))).toEqual(tells)
    expect(faults).toEqual([])
    expect(await page.evaluate(() => window.violations)).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'width').toBe(320)
    expect(await barriers(page), 'by day').toEqual([])
    expect(await barriersByNight(page), 'by night').toEqual([])
    await close()
  })
})
