import { MAY_REPEAT } from '../idempotency.ts'
import { knownProblems } from '../problem.ts'

type Asked = {
  callers: readonly string[]
  isPost: boolean
  hasBody: boolean
  isFile: boolean
  hasQuery: boolean
  inProgram: boolean
  unlimited: boolean
}

// Codes, by what about a route makes them possible.
const OF_BODY = ['malformed_json', 'unsafe_json', 'too_large', 'wrong_type', 'invalid']
const OF_CREDENTIAL = ['no_credential', 'bad_credential', 'wrong_credential']
const OF_REPETITION = ['idempotency_in_flight', 'idempotency_key_reused', 'invalid']
const OF_CALLER: Record<string, string[]> = {
  publishable: ['origin_not_allowed'],
  secret: ['secret_key_in_browser'],
  partner: ['secret_key_in_browser', 'partner_deactivated', 'partner_not_active', 'too_many_requests'],
  session: ['origin_not_allowed', 'identity_unavailable'],
  admin: ['role_may_not', 'second_factor_required', 'cross_site'],
}

/** Every code that a route may answer with, by its kind; `own` are those of the act itself. */
export function errorsOf({ callers, isPost, hasBody, isFile, hasQuery, inProgram, unlimited }: Asked, own: readonly string[]) {
  const isPublic = callers.includes('public')
  const counted = !unlimited && (isPublic || callers.includes('publishable'))
  const codes = new Set<string>([
    ...(hasBody ? OF_BODY : []),
    ...(isFile ? ['too_large'] : []),
    ...(hasQuery ? ['invalid'] : []),
    ...(isPublic ? [] : OF_CREDENTIAL),
    ...callers.flatMap(caller => OF_CALLER[caller] ?? []),
    ...(inProgram ? ['program_not_found'] : []),
    ...(isPost && callers.some(caller => (MAY_REPEAT as readonly string[]).includes(caller)) ? OF_REPETITION : []),
    ...(counted ? ['too_many_requests'] : []),
    ...own,
    'unavailable',
  ])
  return knownProblems().filter(({ code }) => codes.has(code))
}

type Known = ReturnType<typeof knownProblems>[number]

/** The replies for a route's errors: one for each status, with an example for each code. */
export function errorReplies(problems: Known[]) {
  const statuses = [...new Set(problems.map(each => each.status))].sort()
  return Object.fromEntries(
    statuses.map(status => {
      const these = problems.filter(each => each.status === status)
      return [
        String(status),
        {
          description: these.map(({ code, title }) => `\`${code}\`: ${title}.`).join(' '),
          ...(status === 429 || status === 503
            ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
            : {}),
          content: {
            'application/problem+json': {
              schema: { $ref: '#/components/schemas/Problem' },
              examples: Object.fromEntries(these.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }])),
            },
          },
        },
      ]
    }),
  )
}

/** What each code looks like, for the replies to refer to. */
export function errorExamples() {
  return Object.fromEntries(knownProblems().map(each => [each.code, { summary: each.title, value: example(each) }]))
}

function example({ code, status, title, detail }: Known) {
  const errors = code === 'invalid' ? { errors: [{ path: 'email', message: 'That is not an e-mail address.' }] } : {}
  return { type: `/docs/problems#${code}`, title, status, detail, code, ...errors }
}
