/** What the document says before any route does. */
export const info = {
  title: 'Mislata',
  version: '0.1.0',
  summary: 'A partner programme: clicks, applications, partners, referrals, commissions and payouts.',
  description: [
    '### Form',
    'JSON over HTTPS. Times are ISO 8601 in UTC. Money on routes of our own is an amount in minor units with an ISO 4217 currency; routes of the documented systems keep the form that those have.',
    '### Files',
    'Lists that an operator reads are also given as comma-separated values, whole, with `Accept: text/csv` or `?format=csv`.',
    '### Errors',
    'Errors are `application/problem+json` (RFC 9457) with a stable `code`. Nothing has changed where an error is answered.',
    '### Sending again',
    'A POST of a secret key, a partner key or an admin that carries an `Idempotency-Key` is safe to send again: for 24 hours the same key with the same path and body gets the stored answer, and `idempotency-replayed: true`.',
    'Stored is what a request came to: 2xx, 404, 409, and 422 for any reason but invalid fields. Not stored is what never ran: 400, 401, 403, 413, 415, 422 `invalid`, 429 and 503. Send that again with the same key.',
    'With another body the key is refused: 422 `idempotency_key_reused`. While the first request is under way the second gets 409 `idempotency_in_flight` with `Retry-After`. A key belongs to the program, partner or admin that sent it.',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
}

/** In the order in which somebody meets them. */
export const tags = [
  { name: 'Sign-in', description: 'Tokens for admins and for the customers whom the host has signed in.' },
  { name: 'Team', description: 'Admins, what each may do, and invitations.' },
  { name: 'Programs', description: 'Programs, their settings and their keys.' },
  { name: 'Partner programme', description: 'Applying, and what a partner sees of itself. The widget uses these.' },
  { name: 'Applications', description: 'Reading applications and deciding on them.' },
  { name: 'Partners', description: 'Partners as the host keeps them, in snake_case and cents.' },
  { name: 'Partner API', description: 'What a partner reads and does with a key of its own.' },
  { name: 'Customers', description: "The host's customers, by the host's own ids." },
  { name: 'Attribution', description: 'Signups, payments and refunds: what the host tells, from which commission follows.' },
  { name: 'Referrals', description: 'Clicks, and customers who refer customers for rewards.' },
  { name: 'Commissions', description: 'What partners have earned, and decisions on it.' },
  { name: 'Payouts', description: 'Closing months and paying partners.' },
  { name: 'Stripe', description: 'What Stripe tells of payments, refunds and disputes, and by what it is believed.' },
  { name: 'Webhooks', description: 'Endpoints, and the log of what they were sent.' },
  { name: 'Reports', description: 'Figures, history and exports.' },
  { name: 'People', description: 'What is held on a person, and its erasure.' },
  { name: 'Running it', description: 'For whoever keeps the server alive.' },
]

/** Parameters that mean the same wherever they stand. */
export const knownParameters: Record<string, readonly [says: string, example: string]> = {
  appId: ["The program's id.", 'prog_1A2b3C4d5E6f7G8h9J1k2L'],
  limit: ['How many at most.', '20'],
  cursor: ['Where to go on: `nextCursor` of the page before.', 'cGFyXzFB'],
  page: ['Which page, from 1.', '1'],
  per_page: ['How many on a page.', '20'],
}

const bearer = (description: string, bearerFormat?: string) => ({
  type: 'http' as const,
  scheme: 'bearer',
  ...(bearerFormat && { bearerFormat }),
  description,
})
const apiKey = (description: string) => ({ type: 'apiKey' as const, in: 'header' as const, name: 'x-api-key', description })

export const components = {
  securitySchemes: {
    publishableKey: apiKey(
      "`mislata_pk_…`, for pages. It may stand in a page's source: it is taken only from the program's `allowedOrigins`, and only to tell of clicks, to apply, and to ask how one's own application stands.",
    ),
    secretKey: apiKey(
      "`mislata_sk_…`, for the host's backend: everything of its program. Sent with an `Origin` header it is refused, for then it has leaked into a page.",
    ),
    secretKeyAsBearer: bearer('The same secret key in the `Authorization` header.'),
    partnerKey: bearer(
      "`mislata_pa_…`, for a partner's own programs: that partner's own data, 100 requests a minute for each key.",
    ),
    session: bearer(
      "A token for one signed-in customer, for 15 minutes, from `POST /v1/sessions`, or one that the host's own identity provider has signed. For the widget.",
      'JWT',
    ),
    admin: bearer('A token from `POST /v1/auth/login`: all programs.', 'JWT'),
  },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header' as const,
      required: false,
      description: 'The same request, sent again with the same key within 24 hours, gets the same answer.',
      schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
      example: '7f3c1f5e-8a51-4b0c-9d5d-2f0f3b1c6a10',
    },
  },
  headers: {
    RetryAfter: { description: 'The seconds to wait.', schema: { type: 'integer' as const, minimum: 1 } },
  },
  responses: {
    Problem: {
      description: 'Any other problem, as RFC 9457 has it.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
}
