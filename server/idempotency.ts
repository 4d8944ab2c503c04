import type { Context } from 'hono'
import type { Caller, Who } from './auth.ts'
import { Problem } from './problem.ts'
import type { Desk } from './program/desk.ts'
import { type Answer, type Attempt, begin, keep, letGo, withKey } from './program/idempotency.ts'
import { isUnavailable } from './store/database.ts'

/** Those whose posts may carry an `Idempotency-Key`. */
export const MAY_REPEAT: readonly Who[] = ['secret', 'partner', 'admin']

type Request = { desk: Desk; caller: Caller; programId: string | null; sent: unknown }

/**
 * Answers a post once for each `Idempotency-Key`: the same again gets the stored answer. What the caller got wrong or
 * may just try again is not stored; whatever the request came to is, be it done or refused: 2xx, 404, 409 and 422 for
 * another reason than invalid fields. Without a key, and for other callers, the request is simply answered.
 */
export async function once(c: Context, request: Request, answer: () => Promise<Response> | Response): Promise<Response> {
  const key = c.req.header('idempotency-key')
  const who = whoIs(request.caller)
  if (key === undefined || who === undefined || c.req.method !== 'POST') return withKey(null, answer)
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw Problem.at('Idempotency-Key', 'Send 1 to 255 printable characters.')

  const { desk } = request
  const { pathname, search } = new URL(c.req.url)
  const asked = JSON.stringify([search, inOrder(request.sent)])
  const attempt: Attempt = { who, programId: request.programId, method: 'POST', path: pathname, key, asked }
  const earlier = await begin(desk, attempt)
  if ('answer' in earlier) return replayed(c, earlier.answer)

  const done = (said: Answer) => keep(desk, earlier.held, said).catch(unlessUnavailable)
  const undone = () => letGo(desk, earlier.held).catch(unlessUnavailable)
  let response: Response
  try {
    response = await withKey(earlier.held, answer)
  } catch (error) {
    if (error instanceof Problem && isFinal(error))
      await done({ status: error.status, type: 'application/problem+json', body: JSON.stringify(error.body()) })
    else await undone()
    throw error
  }
  const type = response.headers.get('content-type') ?? ''
  // An answer that comes as it is made is kept by nobody; what gives it does the same once by its own names.
  if (response.ok && type === 'application/x-ndjson') await undone()
  else if (response.ok) await done({ status: response.status, type, body: await response.clone().text() })
  else await undone()
  return response
}

function isFinal({ code, status }: Problem) {
  // Who lost a race that the same request wins the next time is told to send it again.
  if (code === 'customer_exists') return false
  return status === 404 || status === 409 || (status === 422 && code !== 'invalid')
}

/** A key belongs to whoever calls, by whichever of its credentials: one program's backend, one partner, one admin. */
function whoIs(caller: Caller) {
  if (caller.kind === 'admin') return `admin ${caller.adminId}`
  if (caller.kind === 'secret') return `program ${caller.program.id}`
  if (caller.kind === 'partner') return `partner ${caller.partner.id}`
  return undefined
}

function replayed(c: Context, { status, type, body }: Answer) {
  return c.body(body, status as 200, { 'content-type': type, 'idempotency-replayed': 'true' })
}

/** The same JSON with the keys of each object in order: two bodies that say the same are the same. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, each]) => [name, inOrder(each)]))
}

// What was done is done, and its answer is true even where it could not be stored.
function unlessUnavailable(error: unknown) {
  if (!isUnavailable(error)) throw error
}
