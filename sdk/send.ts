import { type Credentials, credentials, type Who } from './credentials.ts'
import { errorOf, MislataConnectionError, MislataError } from './errors.ts'

export type Options = Credentials & {
  /** The program that calls about programs mean (`prog_…`). */
  appId?: string | undefined
  /** Where the server is. Default: the environment's MISLATA_URL, else `http://127.0.0.1:8787`. */
  baseUrl?: string | undefined
  /** What sends requests in place of the runtime's own `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** How long one attempt may take. Default: 30 000. */
  timeoutMs?: number | undefined
  /** How often a request that may yet succeed is sent again. Default: 2. */
  maxRetries?: number | undefined
}

/** What any call can be told beside its arguments. */
export type CallOptions = {
  /** Ends the call; it then throws the signal's reason. */
  signal?: AbortSignal
  timeoutMs?: number
  maxRetries?: number
  /** A key of one's own, so that also a call made anew, by another process perhaps, has its effect once. */
  idempotencyKey?: string
}

type Query = Record<string, string | number | boolean | undefined>
type Asked = {
  who: readonly Who[]
  query?: Query | undefined
  body?: unknown
  headers?: Record<string, string>
  /** A post whose body itself says what it is: the server does the same one once, whoever sends it. */
  natural?: true
}

/** Sends one call and gives what the server answers. */
export type Send = <T>(method: string, path: string, asked: Asked, options?: CallOptions) => Promise<T>

// A server that asks for more patience is better heard by whoever called.
const LONGEST_WAIT_S = 60

/**
 * Makes the one function that all calls go through. It sends a request again where the network failed or the server
 * says "not now", with growing pauses or after the server's Retry-After. Every POST carries an Idempotency-Key, the same
 * for each attempt, so that one that arrived twice has its effect once; one that the server would do twice all the same,
 * because it keeps no answers for that caller, is not sent again where it may have arrived.
 */
export function sender(options: Options): Send {
  const { timeoutMs = 30_000, maxRetries = 2 } = options
  const base = baseOf(options.baseUrl)
  const caller = credentials(options)
  // Asked for at each call, and as a plain function: edge runtimes refuse a `fetch` that is called on something.
  const fetch = options.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init))

  return async function send<T>(method: string, path: string, asked: Asked, call: CallOptions = {}): Promise<T> {
    const url = base + path + queryOf(asked.query)
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
    const fixed = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': call.idempotencyKey ?? crypto.randomUUID() }),
      ...asked.headers,
    }
    const attempts = (call.maxRetries ?? maxRetries) + 1
    let renewed = false
    for (let attempt = 1; ; attempt++) {
      const { header, remembers } = await caller.for(asked.who)
      try {
        const text = await once(
          { fetch, url, timeoutMs: call.timeoutMs ?? timeoutMs, signal: call.signal },
          {
            method,
            headers: { ...fixed, ...header },
            ...(body !== undefined && { body }),
          },
        )
        return json(text, url) as T
      } catch (error) {
        if (error instanceof MislataError && error.status === 401 && !renewed && (await caller.renew(header))) {
          renewed = true
          attempt--
          continue
        }
        const repeatable = method !== 'POST' || remembers || asked.natural === true
        const wait = attempt < attempts ? pauseS(error, { attempt, repeatable }) : undefined
        if (wait === undefined) throw error
        await pause(wait * 1000, call.signal)
      }
    }
  }
}

type Once = { fetch: NonNullable<Options['fetch']>; url: string; timeoutMs: number; signal: AbortSignal | undefined }

async function once({ fetch, url, timeoutMs, signal }: Once, init: RequestInit) {
  signal?.throwIfAborted()
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), timeoutMs)
  let reply: Response
  let text: string
  try {
    // A redirect could take the key to somebody else, so none is followed.
    reply = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal,
    })
    text = await reply.text()
  } catch (error) {
    signal?.throwIfAborted()
    if (tooLong.signal.aborted)
      throw new MislataConnectionError('timeout', `${url} did not answer within ${timeoutMs} ms.`, error)
    throw new MislataConnectionError('network', `${url} could not be reached.`, error)
  } finally {
    clearTimeout(timer)
  }
  if (reply.type === 'opaqueredirect' || (reply.status >= 300 && reply.status < 400))
    throw new MislataConnectionError('not_the_server', `${url} redirects. Give baseUrl the address that it leads to.`)
  if (!reply.ok) throw errorOf(reply, text)
  return text
}

/** Seconds to wait before the next attempt; undefined where another would not help. */
function pauseS(error: unknown, { attempt, repeatable }: { attempt: number; repeatable: boolean }) {
  const growing = 0.25 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2)
  if (error instanceof MislataConnectionError) return repeatable && error.reason !== 'not_the_server' ? growing : undefined
  if (!(error instanceof MislataError)) return undefined
  if (!wasNotDone(error) && !(repeatable && mayNotBeDone(error))) return undefined
  const wait = Math.max(error.retryAfter ?? 0, growing)
  return wait > LONGEST_WAIT_S ? undefined : wait
}

const wasNotDone = ({ status, code }: MislataError) => status === 429 || status === 503 || code === 'idempotency_in_flight'
const mayNotBeDone = ({ status }: MislataError) => [408, 502, 504].includes(status)

function pause(ms: number, signal?: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, ms)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
}

function json(text: string, url: string) {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MislataConnectionError('not_the_server', `${url} answered with something else than JSON.`, error)
  }
}

function baseOf(given?: string) {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  const base = given ?? process?.env?.MISLATA_URL ?? 'http://127.0.0.1:8787'
  if (!/^https?:\/\//.test(base))
    throw new TypeError(`baseUrl must be a web address such as https://partners.example.com, not ${base}`)
  return base.replace(/\/+$/, '')
}

function queryOf(query: Query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length ? `?${new URLSearchParams(given)}` : ''
}

/** An id as it stands in a path. */
export function segment(id: string) {
  // An address forgets segments of dots, and would lead to another route.
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new TypeError('An id is needed.')
  return encodeURIComponent(id)
}
