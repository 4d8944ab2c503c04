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
  no_credential: [401, 'A credential is needed', 'Send a key or token that this route takes.'],
  bad_credential: [401, 'The credential is not valid', 'The key or token is unknown, revoked or has run out.'],
  wrong_login: [401, 'That does not match', 'Check the address and the password.'],
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
  partner_deactivated: [403, 'This partner has been deactivated', 'Ask the company that runs the programme.'],
  not_found: [404, 'There is nothing here', 'Check the address.'],
  program_not_found: [404, 'There is no such program', 'Check the id.'],
  partner_not_found: [404, 'There is no such partner', 'Check the id.'],
  application_not_found: [404, 'There is no such application', 'Check the id.'],
  api_key_not_found: [404, 'There is no such key', 'Check the id.'],
  not_a_partner: [404, 'This customer is not a partner', 'Send them to the application form.'],
  method_not_allowed: [405, 'This address does not take that method', 'See the Allow header.'],
  already_applied: [409, 'This address has applied before', 'Ask for its status instead.'],
  already_reviewed: [409, 'This application has been decided', 'Read it to see how.'],
  partner_exists: [409, 'This address belongs to a partner', 'Change that partner instead.'],
  email_taken: [409, 'Another partner has this address', 'Use another address, or change that partner.'],
  code_taken: [409, 'This code is taken', 'Choose another. A code that was used once is never given away again.'],
  customer_is_partner: [409, 'This customer is a partner already', 'Change that partner instead.'],
  customer_exists: [409, 'Another request is naming this customer', 'Send it again.'],
  not_a_test_program: [409, 'Only a test program has a clock of its own', 'Set mode to "test" on a program of its own.'],
  clock_only_advances: [409, 'A clock does not go back', 'Name a later time.'],
  test_clock_is_set: [409, "This program's clock has been moved", 'A program with a test clock stays a test program.'],
  too_large: [413, 'The body is too large', 'Send at most 64 KB.'],
  wrong_type: [415, 'The body has the wrong type', 'Send application/json.'],
  invalid: [422, 'Some fields cannot be taken', 'See errors.'],
  conversion_differs: [
    422,
    'This externalId was used for another payment',
    'Use a new one for a new payment; send the same fields to repeat one.',
  ],
  too_many_requests: [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  too_many_logins: [429, 'Too many attempts', 'Wait as long as Retry-After says.'],
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
