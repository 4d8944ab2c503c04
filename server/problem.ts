import * as v from 'valibot'
import type { ProblemReply } from './contract/problem.ts'

// Everything that a caller can cause. The code is for programs and stays; the sentence is for people and says what to do.
const known = {
  malformed_json: [400, 'The body is not JSON', 'Send one JSON object.'],
  unsafe_json: [
    400,
    'The body cannot be taken',
    'It nests too deeply, has too many keys, or has a key or character that no field allows.',
  ],
  bad_signature: [
    400,
    'The signature does not fit',
    "Sign the body as it is, now, with the secret that is set for this program. In Stripe it is the endpoint's signing secret.",
  ],
  no_credential: [401, 'A credential is needed', 'Send a key or token that this route takes.'],
  bad_credential: [401, 'The credential is not valid', 'The key or token is unknown, revoked or has run out.'],
  wrong_login: [401, 'That does not match', 'Check the address and the password.'],
  second_factor_needed: [401, 'A second factor is needed', 'Send it again with the code of your app, or a recovery code.'],
  wrong_second_factor: [
    401,
    'This code does not fit',
    'Wait for the next code of your app: each works once. Or use a recovery code.',
  ],
  role_may_not: [403, 'Your role may not do that', 'Ask an owner.'],
  second_factor_required: [403, 'A second factor has to be set up first', 'An owner requires one of everybody.'],
  wrong_credential: [
    403,
    'This credential may not do that',
    'Use the kind of key or token that the documentation names for this route.',
  ],
  secret_key_in_browser: [
    403,
    'A secret key was sent from a browser',
    'Revoke this key: it has been on a page. Use a publishable key or a session there.',
  ],
  origin_not_allowed: [403, 'This site may not use the key', "Add the site's origin to the program's allowedOrigins."],
  cross_site: [403, 'This request was sent by another site', 'Open the page itself.'],
  partner_deactivated: [403, 'This partner has been deactivated', 'Ask the company that runs the programme.'],
  partner_not_active: [403, 'This partner is not active yet', 'Ask the company that runs the programme.'],
  not_found: [404, 'There is nothing here', 'Check the address.'],
  program_not_found: [404, 'There is no such program', 'Check the id.'],
  customer_not_found: [404, 'There is no such customer', "Check the id: it is the host's own."],
  admin_not_found: [404, 'There is no such admin', 'Check the id.'],
  invite_not_found: [404, 'There is no such invitation', 'It has been taken up, taken back, or has run out.'],
  session_not_found: [404, 'There is no such session', 'It is over already.'],
  partner_not_found: [404, 'There is no such partner', 'Check the id.'],
  application_not_found: [404, 'There is no such application', 'Check the id.'],
  commission_not_found: [404, 'There is no such commission', 'Check the id.'],
  payout_not_found: [404, 'There is no such payout', 'Check the id.'],
  payout_batch_not_found: [404, 'There is no such batch', 'Check the id. A batch is there when its run is over.'],
  api_key_not_found: [404, 'There is no such key', 'Check the id.'],
  code_not_found: [404, 'There is no such code', 'See the list of codes.'],
  referral_not_found: [404, 'There is no such referral', 'Check the id.'],
  endpoint_not_found: [404, 'There is no such webhook endpoint', 'Check the id.'],
  delivery_not_found: [404, 'There is no such delivery', 'Check the id. Deliveries are kept for 90 days.'],
  person_not_found: [404, 'Nothing is held on that person', 'Check the address.'],
  not_a_partner: [404, 'This customer is not a partner', 'Send them to the application form.'],
  method_not_allowed: [405, 'This address does not take that method', 'See the Allow header.'],
  admin_exists: [409, 'This address is an admin already', 'Change their role instead.'],
  last_owner: [409, 'There has to be an owner', 'Make somebody else an owner first.'],
  second_factor_is_on: [409, 'There is a second factor already', 'Turn it off first.'],
  second_factor_is_off: [409, 'There is no second factor', 'Set one up first.'],
  second_factor_not_begun: [409, 'No second factor is being set up', 'Ask for its secret first.'],
  second_factor_is_required: [409, 'A second factor is required of everybody', 'An owner has to lift that first.'],
  already_applied: [409, 'This address has applied before', 'Ask for its status instead.'],
  already_reviewed: [409, 'This application has been decided', 'Read it to see how.'],
  partner_exists: [409, 'This address belongs to a partner', 'Change that partner instead.'],
  partner_is_merged: [409, 'This partner has been merged into another', 'That is final. Go on with the other one.'],
  merge_into_itself: [409, 'A partner cannot be merged into itself', 'Name another partner.'],
  merge_into_inactive: [
    409,
    'Nobody is merged into a partner that is deactivated',
    'Activate it again first, or name the one that it was merged into.',
  ],
  email_taken: [409, 'Another partner has this address', 'Use another address, or change that partner.'],
  code_taken: [409, 'This code is taken', 'Choose another. A code that was used once is never given away again.'],
  lead_taken: [409, 'This lead cannot be registered', 'Somebody else has brought it already.'],
  code_is_first: [409, 'This code cannot be retired', "It is the partner's own. Another can be made beside it."],
  too_many_codes: [409, 'There are too many codes', 'At most 100 are in use at a time, and 1,000 in all. Retire one first.'],
  too_many_keys: [409, 'There are too many keys', 'At most 10 work at a time. Revoke one first.'],
  referral_not_in_review: [409, 'This referral is not held for review', 'Read it to see where it stands.'],
  customer_is_partner: [409, 'This customer is a partner already', 'Change that partner instead.'],
  customer_exists: [409, 'Another request is naming this customer', 'Send it again.'],
  commission_is_held: [409, 'This commission is held', 'Release it first.'],
  commission_is_not_held: [409, 'This commission is not held', 'Only what is held can be released.'],
  commission_is_rejected: [409, 'This commission has been rejected', 'That is final. Correct the balance instead.'],
  commission_is_reversed: [409, 'Nothing is left of this commission', 'The payment has been refunded.'],
  commission_is_paid: [409, 'This commission has been paid', 'Correct the balance instead.'],
  commission_in_payout: [409, 'This commission is in a payout', 'Mark the payout as failed first, or correct the balance.'],
  payout_is_paid: [409, 'This payout has been paid', 'That is final. Correct the balance instead.'],
  payout_is_failed: [409, 'This payout has failed', 'What was in it is payable again. Make a new payout.'],
  sepa_not_set_up: [409, 'This program has no account to pay from', 'Set sepa.iban first.'],
  payout_file_empty: [
    409,
    'There is nothing to pay in this file',
    'Its payouts are settled, or none of them can be paid this way.',
  ],
  payout_is_sending: [
    409,
    'This payout is being sent',
    'Wait until its provider has said what came of it, or end its sending first.',
  ],
  payout_is_not_sending: [409, 'This payout is not being sent', 'Mark it as paid or failed instead.'],
  payout_method_not_sent: [
    409,
    'No provider sends by this method',
    'Only stripe and paypal are sent. Pay it by hand or by file.',
  ],
  payout_lacks_details: [409, 'It is not known where to send this payout', "See missing: the partner's details come first."],
  payout_details_changed: [
    409,
    'The partner has just changed how it is paid',
    "It waits for the program's payoutCoolingDays. See waitsUntil.",
  ],
  payout_currency_not_sent: [
    409,
    'The provider does not send this amount',
    'It does not know the currency, or such a small part of it.',
  ],
  payout_provider_not_connected: [409, 'This provider is not connected', 'Set its credentials first.'],
  payout_does_not_add_up: [
    409,
    'This payout is not what its lines come to',
    'It is not sent. Ask for its lines, and look into the journal.',
  ],
  test_program_sends_nothing: [409, 'A test program sends no money', 'Mark the payout as paid or failed instead.'],
  period_not_ended: [409, 'This month has not ended', "Close it when it is over in the program's time zone."],
  not_a_test_program: [409, 'Only a test program has a clock of its own', 'Set mode to "test" on a program of its own.'],
  clock_only_advances: [409, 'A clock does not go back', 'Name a later time.'],
  test_clock_is_set: [409, "This program's clock has been moved", 'A program with a test clock stays a test program.'],
  idempotency_in_flight: [
    409,
    'A request with this Idempotency-Key is under way',
    'Send it again after Retry-After: it then gets the answer of the first.',
  ],
  endpoint_disabled: [409, 'This webhook endpoint is disabled', 'Enable it first, with PATCH and disabled: false.'],
  too_many_endpoints: [409, 'There are too many webhook endpoints', 'Delete one first: twenty are allowed.'],
  too_large: [413, 'The body is too large', 'Send at most 64 KB.'],
  wrong_type: [415, 'The body has the wrong type', 'Send application/json.'],
  invalid: [422, 'Some fields cannot be taken', 'See errors.'],
  refund_differs: [
    422,
    'This externalId was used for another refund',
    'Use a new one for a new refund; send the same fields to repeat one.',
  ],
  conversion_differs: [
    422,
    'This externalId was used for another payment',
    'Use a new one for a new payment; send the same fields to repeat one.',
  ],
  idempotency_key_reused: [
    422,
    'This Idempotency-Key was used for another request',
    'Use a new key for a new request; send the same path and body to repeat one.',
  ],
  too_many_requests: [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  too_many_logins: [429, 'Too many attempts', 'Wait as long as Retry-After says.'],
  identity_unavailable: [
    503,
    'The token cannot be checked just now',
    "The keys of the program's identity provider cannot be had. Try again after Retry-After.",
  ],
  unavailable: [503, 'The server cannot do that just now', 'Try again after Retry-After.'],
  internal: [500, 'The server has made a mistake', 'It has been logged under the id in x-request-id.'],
} as const satisfies Record<string, readonly [number, string, string]>

export type ProblemCode = keyof typeof known

/** All that can go wrong, for the page that explains it. */
export function knownProblems() {
  return Object.entries(known).map(([code, [status, title, detail]]) => ({ code, status, title, detail }))
}

/** An error that the caller is told of, as RFC 9457 has it. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly headers: Record<string, string>
  readonly errors: { path: string; message: string }[] | undefined

  constructor(code: ProblemCode, more: { headers?: Record<string, string>; errors?: { path: string; message: string }[] } = {}) {
    super(code)
    this.code = code
    this.status = known[code][0]
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }

  /** 422 for what a schema found. */
  static invalid(issues: readonly v.BaseIssue<unknown>[]) {
    return new Problem('invalid', {
      errors: issues.slice(0, 20).map(issue => ({ path: v.getDotPath(issue) ?? '', message: issue.message })),
    })
  }

  /** 422 for one field. */
  static at(path: string, message: string) {
    return new Problem('invalid', { errors: [{ path, message }] })
  }

  /** 429 or 503 with the seconds to wait. */
  static later(code: 'too_many_requests' | 'too_many_logins' | 'unavailable', seconds: number) {
    return new Problem(code, { headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } })
  }

  body(): ProblemReply {
    const [status, title, detail] = known[this.code]
    return {
      type: `/docs/problems#${this.code}`,
      title,
      status,
      detail,
      code: this.code,
      ...(this.errors && { errors: this.errors }),
    }
  }
}
