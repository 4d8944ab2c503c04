import { at, ids, later, page, program, settings } from './sample.ts'
import type { Examples } from './shape.ts'

const key = { id: ids.key, type: 'secret', name: 'Billing backend', hint: 'x9Qz', createdAt: at }
const keyId = { keyId: ["The key's id.", ids.key] } as const

export const programs: Examples = {
  'GET /v1/apps': { id: 'listPrograms', says: 'All programs, newest last.', replies: { 200: page(program) } },
  'POST /v1/apps': {
    id: 'createProgram',
    says: 'Makes a program. `name`, `siteUrl` and `currency` are needed; every other setting has a default.',
    bodies: {
      shortest: { name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR' },
      everything: settings,
    },
    replies: { 201: program },
  },
  'GET /v1/apps/{appId}': { id: 'getProgram', says: 'A program with all its settings.', replies: { 200: program } },
  'PATCH /v1/apps/{appId}': {
    id: 'updateProgram',
    says: 'Changes settings. What is left out stays; of a group such as `commission`, each field stays that is left out. A changed rate or rule holds for referrals made after it: earlier ones keep their terms.',
    body: { defaultCommissionRate: 25, commission: { recurringMonths: 12 } },
    replies: { 200: program },
    may: ['test_clock_is_set'],
  },
  'POST /v1/apps/{appId}/terms/preview': {
    id: 'previewTerms',
    says: 'What a change of terms would have done to the payments of some days, refunds included, worked out by the same rules and compared with what is on record. `made_in_span` asks for a change on the first day, which reaches the referrals made from then on; `all` for terms that had always held. Nothing is written.',
    body: { from: '2026-03-01', to: '2026-03-31', defaultCommissionRate: 30 },
    bodies: {
      'Terms that had always held': {
        ...{ from: '2026-03-01', to: '2026-03-31', referrals: 'all', holdingPeriodDays: 14 },
        commission: { recurringMonths: 12 },
      },
    },
    replies: {
      200: {
        ...{ from: '2026-03-01', to: '2026-03-31', referrals: 'made_in_span', payments: 1, changed: 1, moved: 0 },
        totals: [{ currency: 'EUR', before: 11_960, after: 17_940 }],
        partners: [
          {
            ...{ partnerId: ids.partner, partnerName: 'Jane Smith', changed: 1, moved: 0 },
            totals: [{ currency: 'EUR', before: 11_960, after: 17_940 }],
          },
        ],
        partnersLeftOut: 0,
      },
    },
  },
  'POST /v1/apps/{appId}/clock': {
    id: 'advanceClock',
    says: "Moves a test program's time forward and runs what fell due. Live programs have no clock of their own.",
    body: { advanceTo: later },
    replies: { 200: { now: later } },
    may: ['not_a_test_program', 'clock_only_advances'],
  },
  'GET /v1/apps/{appId}/api-keys': {
    id: 'listApiKeys',
    says: "A program's keys that work, without the keys themselves: `hint` is the last four characters.",
    replies: { 200: page(key) },
  },
  'POST /v1/apps/{appId}/api-keys': {
    id: 'createApiKey',
    says: 'Makes a key. It stands in this reply and is shown nowhere again.',
    body: { type: 'secret', name: 'Billing backend' },
    replies: { 201: { ...key, key: 'mislata_sk_4bXq2mWcT7yHnR9pKs3vLf8dJg6zAa1x' } },
  },
  'DELETE /v1/apps/{appId}/api-keys/{keyId}': {
    id: 'revokeApiKey',
    says: 'Ends a key at once and for good.',
    path: keyId,
    replies: { 200: key },
    may: ['api_key_not_found'],
  },
  'GET /v1/apps/{appId}/grant-secret': {
    id: 'getGrantSecret',
    says: 'What the posts to `rewards.grantUrl` are signed with.',
    replies: { 200: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
  },
}
