import { at, ids, later, numbered, page, person, publicProgram, why } from './sample.ts'
import type { Examples } from './shape.ts'

const received = 'Thank you. We will look at your application and answer by mail.'
const enrolment = {
  id: ids.partner,
  code: 'jane',
  type: 'partner',
  status: 'active',
  name: person.name,
  email: person.email,
  customerId: 'user_42',
  commissionRate: 20,
  totalEarned: 358.8,
  pendingBalance: 119.6,
  approvedBalance: 239.2,
  paidTotal: 0,
  currency: 'EUR',
  createdAt: at,
}
const application = {
  id: ids.application,
  email: person.email,
  name: person.name,
  company: 'Newsworthy',
  website: 'https://newsworthy.example',
  reason: 'Our readers ask for it.',
  answers: {},
  status: 'approved',
  rejectionReason: null,
  partnerId: ids.partner,
  createdAt: at,
  reviewedAt: at,
}
const deal = {
  id: ids.deal,
  status: 'registered',
  leadEmail: 'buyer@globex.example',
  leadName: 'Globex',
  notes: 'Met at the fair.',
  createdAt: at,
}
const ownCode = {
  code: 'ref_blog_feb_7kx',
  label: 'blog-campaign-feb',
  url: 'https://acme.example/?ref=ref_blog_feb_7kx',
  createdAt: at,
  retiredAt: null,
}
const figures = { clicks: 58, signups: 4, conversions: 2, earned: [{ currency: 'EUR', amount: 239.2 }] }
const payoutSettings = {
  method: 'bank_transfer',
  methods: ['paypal', 'bank_transfer'],
  email: 'j•••@acme.example',
  accountHolder: person.name,
  iban: '•••1332',
  bic: 'CAIXESBBXXX',
  accountNumber: null,
  routingNumber: null,
  walletAddress: null,
  network: null,
  stripeAccount: null,
  missing: [],
  changedAt: at,
  waitsUntil: null,
  coolingDays: 3,
}
const key = { id: ids.key, name: 'Our dashboard', hint: 'x9Qz', createdAt: at }
const isPartner = ['not_a_partner', 'partner_deactivated']
const isActive = [...isPartner, 'partner_not_active']

export const programme: Examples = {
  'POST /v1/affiliate/apply': {
    id: 'apply',
    says: 'Applies for somebody. With a secret key a known address is a conflict. From a page new and known addresses get the same answer, so that nobody can ask who is a partner; a known one gets a mail instead.',
    body: {
      email: person.email,
      name: person.name,
      company: 'Newsworthy',
      website: 'https://newsworthy.example',
      reason: 'Our readers ask for it.',
    },
    replies: {
      201: { id: ids.application, status: 'pending', message: received },
      202: { status: 'pending', message: received, applicationToken: 'mat_mUQ1fG0YVYw1cR2q4sT8uX3zB6nJ9kLpD7hE5vA2oI1rWyC4x' },
    },
    may: ['already_applied'],
  },
  'GET /v1/affiliate/apply/status': {
    id: 'getApplicationStatus',
    says: 'How an application stands: by address with a secret key, by its token from a page. Asking changes nothing.',
    query: { email: ["The applicant's address; a secret key needs it.", person.email] },
    replies: { 200: { applied: true, status: 'approved', code: 'jane' } },
    may: ['bad_credential'],
  },
  'GET /v1/affiliate/by-customer/{id}': {
    id: 'getAffiliateByCustomer',
    says: 'Whether a customer is a partner, and what it has earned.',
    path: { id: ["The customer's id: the host's own, or a `cus_` one.", 'user_42'] },
    replies: { 200: { enrolled: true, ...enrolment } },
  },
  'POST /v1/affiliate/track': {
    id: 'trackReferral',
    says: 'Tells of a visit through a code. An unknown code gets the same answer, with an id that attributes nothing.',
    body: { code: 'jane', url: 'https://acme.example/?ref=jane' },
    replies: { 202: { clickId: ids.click } },
  },
  'GET /v1/affiliate': {
    id: 'getAffiliate',
    says: 'Whether the signed-in customer is a partner; if not, how its application stands.',
    replies: { 200: { enrolled: true, ...enrolment } },
    may: ['partner_deactivated'],
  },
  'GET /v1/affiliate/dashboard': {
    id: 'getDashboard',
    says: "Everything that the dashboard shows. Days are those of the program's time zone; `series` has each of them, oldest first. Amounts are decimals.",
    query: { days: ['How many days `series` goes back.', '30'] },
    replies: {
      200: {
        affiliate: enrolment,
        balances: [{ currency: 'EUR', totalEarned: 358.8, pending: 119.6, approved: 239.2, paid: 0 }],
        nextPayouts: [
          {
            ...{ currency: 'EUR', due: 39.2, onTheWay: 200, minimum: 50, missing: 10.8 },
            nextApproval: { availableAt: later, amount: 119.6 },
            minimumReachedAt: later,
          },
        ],
        program: publicProgram,
        link: 'https://acme.example/?ref=jane',
        stats: { clicks: 214, signups: 9, conversions: 3, conversionRate: 1.4 },
        series: [{ date: '2026-03-10', clicks: 12, signups: 1, conversions: 1, earned: 119.6 }],
        commissions: [
          {
            id: ids.commission,
            referralId: ids.referral,
            amount: 119.6,
            reversedAmount: 0,
            currency: 'EUR',
            status: 'pending',
            productId: 'pro',
            occurredAt: at,
            availableAt: later,
            why,
          },
        ],
        payouts: [],
        codes: [{ code: 'jane', url: 'https://acme.example/?ref=jane', label: null, createdAt: at, ...figures }],
        deals: [deal],
      },
    },
    may: isPartner,
  },
  'GET /v1/affiliate/portal-link': {
    id: 'getPortalLink',
    says: "A link into the partner's portal. It works once, within 24 hours, and opens a session of its own.",
    replies: { 200: { url: 'https://partners.acme.example/portal/9x4Qm2', expiresAt: later } },
    may: isActive,
  },
  'POST /v1/affiliate/deals': {
    id: 'registerDeal',
    says: 'Registers a lead. Once it signs up without having come through somebody else, it is the partner’s referral. The same lead again gets the first answer; one that another partner holds is a conflict.',
    body: { leadEmail: 'buyer@globex.example', leadName: 'Globex', notes: 'Met at the fair.' },
    replies: { 200: deal, 201: deal },
    may: [...isActive, 'lead_taken'],
  },
  'GET /v1/affiliate/deals': {
    id: 'listDeals',
    says: "The partner's deals, newest first.",
    replies: { 200: page(deal) },
    may: isActive,
  },
  'GET /v1/affiliate/codes': {
    id: 'listAffiliateCodes',
    says: "All of the partner's codes, the retired ones too, newest first, with what each has brought.",
    replies: { 200: { data: [{ ...ownCode, ...figures }], total: 1 } },
    may: isActive,
  },
  'POST /v1/affiliate/codes': {
    id: 'createAffiliateCode',
    says: 'Makes a further code for the partner, from a label and a random tail. At most 100 are in use at a time.',
    body: { label: 'blog-campaign-feb' },
    replies: { 201: { code: ownCode.code, url: ownCode.url, createdAt: at } },
    may: [...isActive, 'too_many_codes'],
  },
  'DELETE /v1/affiliate/codes/{code}': {
    id: 'retireAffiliateCode',
    says: 'Takes a code out of use for good: it brings nobody from now on, and what it brought stays. The code that the partner goes by cannot be retired.',
    path: { code: ['The code.', ownCode.code] },
    replies: { 200: { ...ownCode, retiredAt: later } },
    may: [...isActive, 'code_not_found', 'code_is_first'],
  },
  'GET /v1/affiliate/payout-settings': {
    id: 'getPayoutSettings',
    says: 'How the partner is paid. Addresses and the numbers of accounts are masked.',
    replies: { 200: payoutSettings },
    may: isPartner,
  },
  'PATCH /v1/affiliate/payout-settings': {
    id: 'updatePayoutSettings',
    says: "Changes how the partner is paid. The addresses from before and after are told, and nothing is paid out for the program's `payoutCoolingDays`.",
    body: { method: 'bank_transfer', accountHolder: person.name, iban: 'ES9121000418450200051332', bic: 'CAIXESBBXXX' },
    replies: { 200: { ...payoutSettings, waitsUntil: later } },
    may: isPartner,
  },
  'GET /v1/affiliate/api-keys': {
    id: 'listPartnerKeys',
    says: "The partner's own keys that work.",
    replies: { 200: page(key) },
    may: isActive,
  },
  'POST /v1/affiliate/api-keys': {
    id: 'createPartnerKey',
    says: "Makes a key for the partner's own programs. It stands in this reply and is shown nowhere again.",
    body: { name: 'Our dashboard' },
    replies: { 201: { ...key, key: 'mislata_pa_4bXq2mWcT7yHnR9pKs3vLf8dJg6zAa1x' } },
    may: [...isActive, 'too_many_keys'],
  },
  'DELETE /v1/affiliate/api-keys/{keyId}': {
    id: 'revokePartnerKey',
    says: 'Ends one of the partner’s keys at once and for good.',
    path: { keyId: ["The key's id.", ids.key] },
    replies: { 200: key },
    may: [...isActive, 'api_key_not_found'],
  },
  'GET /v1/apps/{appId}/affiliates/applications': {
    id: 'listApplications',
    says: 'Applications to a program, newest first.',
    query: {
      status: ['Only those that stand so.', 'pending'],
      search: ['Part of a name, a company or an address.', 'jane'],
    },
    replies: { 200: numbered(application) },
  },
  'GET /v1/apps/{appId}/affiliates/applications/{id}': {
    id: 'getApplication',
    says: 'An application as it stands.',
    path: { id: ["The application's id.", ids.application] },
    replies: { 200: application },
    may: ['application_not_found'],
  },
  'POST /v1/apps/{appId}/affiliates/applications/{id}/review': {
    id: 'reviewApplication',
    says: 'Decides once. Approval makes the partner, its code and, if the host does not know the address, a customer. Without `code` one is made of the name. A decision that cannot be carried out changes nothing.',
    path: { id: ["The application's id.", ids.application] },
    bodies: {
      approve: { action: 'approve', code: 'jane' },
      reject: { action: 'reject', rejectionReason: 'We take publishers only.' },
    },
    replies: { 200: { application, affiliate: { id: ids.partner, code: 'jane', customerId: 'user_42', status: 'active' } } },
    may: ['application_not_found', 'already_reviewed', 'partner_exists', 'code_taken', 'customer_is_partner'],
  },
}
