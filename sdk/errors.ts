/** One field that was refused: `path` as in `answers.audience`, and a sentence for people. */
export type FieldError = { path: string; message: string }

type Said = {
  status: number
  code: string
  title: string
  detail: string | undefined
  errors: FieldError[]
  requestId: string | undefined
  retryAfter: number | undefined
}

/**
 * The server answered, and refused. `code` is a stable word for programs (`already_applied`), `title` and `detail` are
 * for people, `errors` names the fields at fault, `retryAfter` is in seconds, `requestId` is what the server's log knows
 * the request by.
 */
export class MislataError extends Error {
  override readonly name = 'MislataError'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly errors: FieldError[]
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined

  constructor({ status, code, title, detail, errors, requestId, retryAfter }: Said) {
    const fields = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message))
    super([`${title}.`, fields.join(' ') || detail, `(${status} ${code})`].filter(Boolean).join(' '))
    this.status = status
    this.code = code
    this.title = title
    this.detail = detail
    this.errors = errors
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

/**
 * No answer that could be read: the network failed, it took longer than `timeoutMs`, or something else than the server
 * answered. Whether the server did what it was asked is not known; a call with the same `idempotencyKey` finds out.
 */
export class MislataConnectionError extends Error {
  override readonly name = 'MislataConnectionError'
  readonly reason: 'network' | 'timeout' | 'not_the_server'

  constructor(reason: MislataConnectionError['reason'], message: string, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
  }
}

/** What a reply refuses with. A proxy in front of the server may answer in its own words: then `code` is `http_502`. */
export function errorOf({ status, headers }: Response, text: string) {
  const problem = parsed(text)
  const asText = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new MislataError({
    status,
    code: asText(problem.code) ?? `http_${status}`,
    title: asText(problem.title) ?? `The server answered with status ${status}`,
    detail: asText(problem.detail),
    errors: Array.isArray(problem.errors) ? problem.errors : [],
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: secondsUntil(headers.get('retry-after')),
  })
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

// HTTP lets a server give seconds or a date.
function secondsUntil(retryAfter: string | null) {
  if (retryAfter === null) return undefined
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
