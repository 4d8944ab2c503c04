import { at, ids, later, page, person } from './sample.ts'
import type { Examples } from './shape.ts'

const eur = (amount: number) => [{ amount, currency: 'EUR' }]
const counts = { clicks: 214, signups: 9, conversions: 3 }
const partnerId = { partnerId: ['Only of this partner.', ids.partner] } as const
const other = 'par_2B3c4D5e6F7g8H9j1K2m3N'
const balance = { currency: 'EUR', pending: 11_960, approved: 23_920, held: 0 }
const merged = {
  partner: { id: ids.partner, name: person.name, email: person.email, status: 'active' },
  into: { id: other, name: 'Jane Smith', email: 'jane@smith.example', status: 'active' },
  ...{ codes: 2, referrals: 31, deals: 1, commissions: 12, keys: 1, endpoints: 0 },
  balances: [balance],
  balancesAfter: [{ ...balance, approved: 29_900 }],
  payoutsWaiting: [{ id: ids.payout, amount: 23_920, currency: 'EUR', createdAt: at }],
}
const mayNotMerge = ['partner_not_found', 'partner_is_merged', 'merge_into_itself', 'merge_into_inactive'] as const
const mail = 'mail_1A2b3C4d5E6f7G8h9J1k2L'

export const consoleExamples: Examples = {
  'GET /v1/apps/{appId}/overview': {
    id: 'getOverview',
    says: 'What came in, compared with as many days before, what is owed now, and how much waits for a decision or is stuck. The last 30 days where nothing is said.',
    query: { from: ['The first day.', '2026-03-01'], to: ['The last day.', '2026-03-31'] },
    replies: {
      200: {
        from: '2026-03-10',
        to: '2026-03-10',
        funnel: counts,
        previous: { clicks: 180, signups: 6, conversions: 2 },
        revenue: eur(179_400),
        commissions: eur(35_880),
        byDay: [{ day: '2026-03-10', ...counts }],
        liabilities: [{ currency: 'EUR', pending: 11_960, approved: 23_920, held: 0 }],
        decide: {
          applications: 2,
          heldReferrals: 1,
          rewardsInReview: 0,
          heldCommissions: 1,
          payoutsProposed: 3,
          payoutsFailed: 0,
          deals: 4,
        },
        stuck: 1,
      },
    },
  },
  'GET /v1/apps/{appId}/stuck': {
    id: 'listStuck',
    says: 'What does not go on by itself: mails and events that were given up, payouts of which nobody knows whether they have left, grants that fail, and what waits longer than it should. At most a hundred of each kind.',
    replies: {
      200: {
        data: [
          {
            id: mail,
            kind: 'mail',
            object: person.email,
            since: at,
            attempts: 4,
            reason: '550 No such mailbox',
            retry: true,
            says: 'This mail was not sent, and nobody tries any more.',
          },
        ],
        total: 1,
      },
    },
  },
  'POST /v1/apps/{appId}/stuck/retry': {
    id: 'retryStuck',
    says: 'Tries again those that are named, or all that may be. A payout whose outcome is unknown is asked after and not sent. Asking twice does nothing twice.',
    body: { ids: [mail] },
    replies: { 200: { data: [{ id: mail, outcome: 'retried', reason: null }] } },
  },
  'POST /v1/apps/{appId}/affiliates/applications/bulk': {
    id: 'reviewApplications',
    says: 'Decides up to a hundred applications the same way, each for itself: one that cannot be decided keeps no other from it. What was decided so before is `ok` as well.',
    body: { ids: [ids.application], action: 'reject', rejectionReason: 'We look for publishers.' },
    replies: { 200: { data: [{ id: ids.application, ok: true, status: 'rejected', partnerId: null }] } },
  },
  'GET /v1/apps/{appId}/partners/{id}/deactivation': {
    id: 'previewDeactivation',
    says: 'What ends when a partner is deactivated, and what goes on. `paysOn`: customers who were referred before go on earning for it.',
    path: { id: ["The partner's id.", ids.partner] },
    replies: {
      200: {
        partnerId: ids.partner,
        name: person.name,
        status: 'active',
        codes: 2,
        referrals: 31,
        keys: 1,
        endpoints: 0,
        balances: [{ currency: 'EUR', pending: 11_960, approved: 23_920 }],
        payoutsWaiting: [{ id: ids.payout, amount: 23_920, currency: 'EUR', createdAt: at }],
        paysOn: false,
      },
    },
    may: ['partner_not_found'],
  },
  'GET /v1/apps/{appId}/partners/{id}/merge': {
    id: 'previewMerge',
    says: 'What goes from one partner to another when it is merged into it, and what ends. Nothing is changed by asking.',
    path: { id: ['The partner that ends.', ids.partner] },
    query: { into: ['The partner that goes on.', other] },
    replies: { 200: merged },
    may: mayNotMerge,
  },
  'POST /v1/apps/{appId}/partners/{id}/merge': {
    id: 'mergePartner',
    says: 'Merges a partner into another, for good: codes, customers, leads and what is owed go to the other. What is in a payout stays in it, and what was earned stays on record as it was. Keys, sessions and webhook endpoints end.',
    path: { id: ['The partner that ends.', ids.partner] },
    body: { into: other },
    replies: { 200: merged },
    may: mayNotMerge,
  },
  'GET /v1/apps/{appId}/codes': {
    id: 'listCodes',
    says: "All codes of a program, partners' and customers', the retired ones too, newest first.",
    query: { ...partnerId, search: ['Part of a code.', 'jane'] },
    replies: {
      200: page({
        code: 'jane',
        kind: 'partner',
        partnerId: ids.partner,
        customerId: null,
        label: null,
        url: 'https://acme.example/?ref=jane',
        createdAt: at,
        retiredAt: null,
      }),
    },
  },
  'GET /v1/apps/{appId}/deals': {
    id: 'listDealsOfProgram',
    says: 'The leads that partners have registered, newest first.',
    query: partnerId,
    replies: {
      200: page({
        id: ids.deal,
        status: 'registered',
        leadEmail: 'cto@globex.example',
        leadName: 'Hank Scorpio',
        notes: null,
        createdAt: at,
        partnerId: ids.partner,
      }),
    },
  },
  'GET /v1/apps/{appId}/mails': {
    id: 'listMails',
    says: 'The outbox: what was sent to whom, what waits, and what was given up and why. What a mail says is not told.',
    query: { state: ['Only those that stand so.', 'failed'] },
    replies: {
      200: page({
        id: mail,
        kind: 'application_approved',
        to: person.email,
        subject: 'Welcome to the Acme partner programme',
        state: 'waiting',
        attempts: 1,
        failure: '451 Try again later',
        createdAt: at,
        sentAt: null,
        nextAttemptAt: later,
      }),
    },
  },
}
