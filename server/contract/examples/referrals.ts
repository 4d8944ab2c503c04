import { at, ids, later, publicProgram } from './sample.ts'
import type { Examples } from './shape.ts'

const reward = {
  id: ids.reward,
  role: 'referrer',
  customerId: 'user_42',
  credits: 500,
  status: 'granted',
  grantKey: ids.reward,
  attempts: 1,
  lastOutcome: 'ok',
  nextAttemptAt: null,
  createdAt: at,
  grantedAt: at,
  reversedAt: null,
}
const row = {
  id: ids.referral,
  referrer: {
    type: 'customer',
    partnerId: null,
    customerId: 'user_42',
    email: 'jane@newsworthy.example',
    name: 'Jane Smith',
  },
  referred: { customerId: 'user_77', email: 'buyer@globex.example', name: 'Globex' },
  code: 'JANE42',
  campaign: 'spring',
  clickId: ids.click,
  status: 'rewarded',
  reviewReasons: [],
  rejectReason: null,
  rewards: [reward],
  createdAt: at,
}
const funnel = {
  clicks: 214,
  signups: 9,
  qualified: 4,
  rewarded: 3,
  capped: 0,
  review: 1,
  rejected: 0,
  creditsGranted: 1_500,
}
const id = { id: ["The referral's id.", ids.referral] } as const
const appId = ['Which program, for an admin where there is more than one.', ids.program] as const
const campaign = ['Only those of this campaign.', 'spring'] as const

export const referrals: Examples = {
  'POST /referrals/click': {
    id: 'recordClick',
    says: 'Tells of a visit through a code. The program is that of the publishable key in the body or in `x-api-key`, or the only one there is. An unknown or retired code gets the same answer, with an id that attributes nothing, so that codes cannot be probed. Addresses are cleaned before they are kept. On the server’s own site the answer sets the cookie.',
    body: {
      code: 'jane',
      url: 'https://acme.example/pricing?ref=jane',
      referrer: 'https://newsworthy.example/',
      key: 'mislata_pk_4bXq2mWcT7yHnR9pKs3vLf8dJg6zAa1x',
    },
    replies: { 202: { clickId: ids.click, code: 'jane', expiresAt: later } },
    may: ['no_credential', 'bad_credential', 'wrong_credential', 'origin_not_allowed'],
  },
  'GET /referrals/me': {
    id: 'getMyReferrals',
    says: 'The signed-in customer’s own code, how far its referrals have come, and what it gets for them. A customer without a code gets one.',
    replies: {
      200: {
        code: 'JANE42',
        sharePath: '/?ref=JANE42',
        shareUrl: 'https://acme.example/?ref=JANE42',
        program: publicProgram,
        rewards: { enabled: true, referrerCredits: 500, referredCredits: 200, qualifyOn: 'first_payment', maxPerReferrer: 20 },
        stats: { clicks: 31, signups: 2, qualified: 1, rewarded: 1, pending: 1, capped: 0, creditsEarned: 500 },
        referrals: [{ id: ids.referral, status: 'rewarded', campaign: 'spring', createdAt: at, credits: 500 }],
      },
    },
  },
  'GET /referrals/me/events': {
    id: 'listMyReferralEvents',
    says: 'The referrals that the signed-in customer made or came by, newest first, each with its reward.',
    replies: {
      200: {
        data: [
          {
            id: ids.referral,
            role: 'referrer',
            status: 'rewarded',
            campaign: 'spring',
            createdAt: at,
            reward: { credits: 500, status: 'granted', grantedAt: at },
          },
        ],
      },
    },
  },
  'GET /referrals/qr.svg': {
    id: 'getReferralPicture',
    says: 'The link of a code as a QR code: an SVG document, black on white. Any code of the right form is drawn, whether it is in use or not.',
    query: { code: ['The code that the link carries.', 'JANE42'] },
    replies: {
      200: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37" shape-rendering="crispEdges"><rect width="37" height="37" fill="#fff"/><path d="M4 4h7v1h-7z"/></svg>',
    },
  },
  'GET /admin/referrals': {
    id: 'listReferrals',
    says: 'Referrals with both sides and their rewards, newest first.',
    query: {
      appId,
      user_id: ["Only those with this customer on either side: the host's id or ours.", 'user_42'],
      status: ['Only those that stand so.', 'review'],
      campaign,
      pending_grant: ['Only those with a reward that is still to be granted.', 'true'],
      search: ['Part of a code, or of what a partner or the customer is called.', 'jane'],
    },
    replies: { 200: { data: [row], total: 1 } },
  },
  'GET /admin/referrals/stats': {
    id: 'getReferralStats',
    says: "How many clicks became signups, qualified and were rewarded, by day of the program's time zone.",
    query: { appId, from: ['The first day.', '2026-03-01'], to: ['The last day.', '2026-03-31'], campaign },
    replies: { 200: { ...funnel, byDay: [{ day: '2026-03-10', ...funnel }] } },
  },
  'POST /admin/referrals/recover': {
    id: 'recoverGrants',
    says: 'Tries again to grant what is pending. A reward is granted once however often this is asked: its `grantKey` stays the same.',
    query: { appId },
    replies: { 200: { attempted: 2, granted: 1, failed: 1, pending: 1 } },
  },
  'GET /admin/referrals/{id}': {
    id: 'getReferral',
    says: 'One referral with its rewards and its history.',
    path: id,
    query: { appId },
    replies: {
      200: {
        ...row,
        history: [
          { step: 'attributed', at },
          { step: 'reward_granted', at, role: 'referrer' },
        ],
      },
    },
    may: ['referral_not_found'],
  },
  'POST /admin/referrals/{id}/approve': {
    id: 'approveReferral',
    says: 'Ends the review and grants what is due. Approving twice changes nothing the second time.',
    path: id,
    query: { appId },
    replies: { 200: row },
    may: ['referral_not_found', 'referral_not_in_review'],
  },
  'POST /admin/referrals/{id}/reject': {
    id: 'rejectReferral',
    says: 'Ends the review: this referral earns nobody credits, ever.',
    path: id,
    query: { appId },
    body: { reason: 'The same person' },
    replies: { 200: { ...row, status: 'rejected', rejectReason: 'The same person', rewards: [] } },
    may: ['referral_not_found', 'referral_not_in_review'],
  },
}
