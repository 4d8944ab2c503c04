import type { ProblemReply } from '../server/contract/problem.ts'
import { Failure } from './failure.ts'

export type Asked = {
  query?: Record<string, string | number | undefined>
  body?: unknown
  signal?: AbortSignal
}

/** Told whenever the server no longer knows who is asking. */
export const signedOut: { tell: () => void } = { tell: () => {} }

// What was posted and never answered for certain. Posted again, it carries the same key, and so is done once.
const unanswered = new Map<string, string>()

const GIVE_UP_MS = 60_000

/** One request of the API with the session of this browser. Whatever is not a good reply throws a Failure. */
export async function ask<T>(method: string, path: string, { query, body, signal }: Asked = {}): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const url = withQuery(path, query)
  const act = `${method} ${url} ${text ?? ''}`
  const headers: Record<string, string> = {}
  if (text !== undefined) headers['content-type'] = 'application/json'
  // Signing in is not done twice by mistake, and what it carries is not to be remembered.
  if (method === 'POST' && !path.startsWith('/v1/auth/')) {
    if (!unanswered.has(act)) unanswered.set(act, newKey())
    headers['idempotency-key'] = unanswered.get(act) ?? newKey()
  }
  const reply = await send(url, { method, headers, body: text ?? null }, signal)
  if (reply.status < 500 && reply.status !== 429) unanswered.delete(act)
  if (reply.status === 204) return undefined as T
  const answer: unknown = await reply.json().catch(() => null)
  if (reply.ok) {
    if (answer === null) throw new Failure('unexpected_reply')
    return answer as T
  }
  throw refused(reply, answer)
}

async function send(url: string, init: RequestInit, signal: AbortSignal | undefined) {
  try {
    const limit = AbortSignal.timeout(GIVE_UP_MS)
    return await fetch(url, { ...init, credentials: 'same-origin', signal: signal ? AbortSignal.any([signal, limit]) : limit })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Failure(navigator.onLine ? 'unreachable' : 'offline')
  }
}

function refused(reply: Response, answer: unknown) {
  const { code, title, detail, errors } = Object(answer) as Partial<ProblemReply>
  if (reply.status === 401 && (code === 'no_credential' || code === 'bad_credential')) signedOut.tell()
  return new Failure(code ?? 'unexpected_reply', {
    status: reply.status,
    title: title ?? `The server answered ${reply.status}`,
    detail: detail ?? '',
    seconds: Number(reply.headers.get('retry-after')) || 0,
    fields: errors ?? [],
    requestId: reply.headers.get('x-request-id') ?? '',
  })
}

/** `/v1/apps` and `{ limit: 20, status: undefined }` are `/v1/apps?limit=20`. */
export function withQuery(path: string, query: Asked['query'] = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  if (!asked.length) return path
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`
}

// Not `randomUUID`, which browsers have on https only: some run this behind their own door.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
