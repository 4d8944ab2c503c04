import { type Credentials, credentials, type Who } from './credentials.ts'
import { errorOf, MislataConnectionError, MislataError } from './errors.ts'
import { type FileBody, linesOf } from './lines.ts'

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

type AskedOfFile<T> = { who: readonly Who[]; query?: Query; file: FileBody; isLast: (line: T) => boolean }

/** Posts a file as it is and gives the answer line by line, as the server writes it. */
export type SendFile = <T>(
  path: string,
  asked: AskedOfFile<T>,
  options?: CallOptions,
) => Promise<AsyncGenerator<T, void, undefined>>

// A server that asks for more patience is better heard by whoever called.
const LONGEST_WAIT_S = 60

/**
 * Makes the two functions that all calls go through. They send a request again where the network failed or the server
 * says "not now", with growing pauses or after the server's Retry-After. Every POST carries an Idempotency-Key, the same
 * for each attempt, so that one that arrived twice has its effect once; one that the server would do twice all the same,
 * because it keeps no answers for that caller, is not sent again where it may have arrived.
 */
export function sender(options: Options): { send: Send; sendFile: SendFile } {
  const { timeoutMs = 30_000, maxRetries = 2 } = options
  const base = baseOf(options.baseUrl)
  const caller = credentials(options)
  // Asked for at each call, and as a plain function: edge runtimes refuse a `fetch` that is called on something.
  const fetch = options.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init))

  type How = { who: readonly Who[]; call: CallOptions; isRepeatable: (remembers: boolean) => boolean; once?: boolean }

  /** Does what a call asks, again where that may help and does no harm. */
  async function attempt<T>({ who, call, isRepeatable, once = false }: How, ask: (header: Record<string, string>) => Promise<T>) {
    const attempts = once ? 1 : (call.maxRetries ?? maxRetries) + 1
    let renewed = once
    for (let attempt = 1; ; attempt++) {
      const { header, remembers } = await caller.for(who)
      try {
        return await ask(header)
      } catch (error) {
        if (error instanceof MislataError && error.status === 401 && !renewed && (await caller.renew(header))) {
          renewed = true
          attempt--
          continue
        }
        const wait = attempt < attempts ? pauseS(error, { attempt, repeatable: isRepeatable(remembers) }) : undefined
        if (wait === undefined) throw error
        await pause(wait * 1000, call.signal)
      }
    }
  }

  const limits = (call: CallOptions) => ({ fetch, timeoutMs: call.timeoutMs ?? timeoutMs, signal: call.signal })
  const keyOf = (call: CallOptions) => ({ 'idempotency-key': call.idempotencyKey ?? crypto.randomUUID() })

  async function send<T>(method: string, path: string, asked: Asked, call: CallOptions = {}): Promise<T> {
    const url = base + path + queryOf(asked.query)
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
    const fixed = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && keyOf(call)),
      ...asked.headers,
    }
    const isRepeatable = (remembers: boolean) => method !== 'POST' || remembers || asked.natural === true
    const text = await attempt({ who: asked.who, call, isRepeatable }, header =>
      once(
        { ...limits(call), url, read: reply => reply.text() },
        { method, headers: { ...fixed, ...header }, ...(body !== undefined && { body }) },
      ),
    )
    return json(text, url) as T
  }

  async function sendFile<T>(path: string, { who, query, file, isLast }: AskedOfFile<T>, call: CallOptions = {}) {
    const url = base + path + queryOf(query)
    const fixed = { 'content-type': 'application/octet-stream', ...keyOf(call) }
    // What has been read of a stream cannot be sent a second time.
    const isStream = file instanceof ReadableStream
    const reply = await attempt({ who, call, isRepeatable: () => false, once: isStream }, header =>
      once(
        { ...limits(call), url, read: async reply => (reply.ok ? reply : reply.text()) },
        { method: 'POST', headers: { ...fixed, ...header }, body: file as BodyInit, ...(isStream && { duplex: 'half' }) },
      ),
    )
    return linesOf(reply as Response, isLast, { url, ...limits(call) })
  }

  return { send, sendFile }
}

type Once<R> = {
  fetch: NonNullable<Options['fetch']>
  url: string
  timeoutMs: number
  signal: AbortSignal | undefined
  /** What of an answer is waited for as long as for the answer. */
  read: (reply: Response) => Promise<R>
}

async function once<R extends string | Response>({ fetch, url, timeoutMs, signal, read }: Once<R>, init: RequestInit) {
  signal?.throwIfAborted()
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), timeoutMs)
  let reply: Response
  let given: R
  try {
    // A redirect could take the key to somebody else, so none is followed.
    reply = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal,
    })
    given = await read(reply)
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
  if (!reply.ok) throw errorOf(reply, String(given))
  return given
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
