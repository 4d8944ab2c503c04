import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { lookupPublic, mayBePublic, NOT_PUBLIC } from './public-address.ts'

export type Post = {
  url: string
  headers: Record<string, string>
  /** Sent byte for byte as it is: it has been signed. */
  body: string
  /** For everything from the dial to the head of the answer. */
  timeoutMs: number
  /** Lets `http:` and addresses of this machine and its network through: for tests and development. */
  allowPrivate: boolean
  /** Gives up at once, as if time were up. */
  signal?: AbortSignal
}

export type Outcome = {
  /**
   * `ok`: 2xx. `redirect`: 3xx, not followed. `status`: any other. `timeout`: no answer in time. `refused`: the address may
   * not be dialled, and was not. `unreachable`: no connection, or one that broke; `reason` has the system's code.
   */
  outcome: 'ok' | 'redirect' | 'status' | 'timeout' | 'refused' | 'unreachable'
  status?: number
  ms: number
  /** The beginning of the answer's body, as plain text. */
  excerpt?: string
  /** In seconds, where the answer asks to be left alone for so long. */
  retryAfter?: number
  reason?: string
}

/** As much of an answer as is read, and as much of it as is kept. */
const READ_BYTES = 4_096
const EXCERPT_CHARACTERS = 1_000
// The head of an answer decides. For its body nobody waits long.
const BODY_MS = 1_000

// Each post dials anew: an address that was public an hour ago is asked for again.
const publicAgent = new RequestFilteringHttpsAgent({ lookup: lookupPublic } as https.AgentOptions)
const anyAgents = { 'http:': new http.Agent(), 'https:': new https.Agent() }

/** True where a post to this address may be tried: https and a host that may be public, or anything that `allowPrivate` lets through. */
export function mayBePosted(url: string, { allowPrivate }: { allowPrivate: boolean }) {
  const parsed = URL.parse(url)
  if (!parsed || parsed.username || parsed.password) return false
  if (allowPrivate) return parsed.protocol === 'https:' || parsed.protocol === 'http:'
  return parsed.protocol === 'https:' && mayBePublic(parsed.hostname)
}

/** Posts once and says how it went. Never throws, follows nothing, and is over soon after `timeoutMs`, whatever the other side does. */
export function post({ url, headers, body, timeoutMs, allowPrivate, signal }: Post): Promise<Outcome> {
  const startedAt = performance.now()
  const ms = () => Math.round(performance.now() - startedAt)
  if (!mayBePosted(url, { allowPrivate })) return Promise.resolve({ outcome: 'refused', reason: NOT_PUBLIC, ms: 0 })
  const { protocol } = new URL(url)

  return new Promise(resolve => {
    let request: ClientRequest | undefined
    let answered = false
    const over = (outcome: Omit<Outcome, 'ms'>) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', timeIsUp)
      request?.destroy()
      resolve({ ...outcome, ms: ms() })
    }
    const timeIsUp = () => answered || over({ outcome: 'timeout' })
    const timer = setTimeout(timeIsUp, timeoutMs)
    signal?.addEventListener('abort', timeIsUp)
    if (signal?.aborted) return over({ outcome: 'timeout' })

    try {
      request = (protocol === 'https:' ? https : http).request(url, {
        method: 'POST',
        agent: allowPrivate ? anyAgents[protocol as 'http:' | 'https:'] : publicAgent,
        headers: {
          'user-agent': 'Mislata',
          'accept-encoding': 'identity',
          ...headers,
          'content-length': String(Buffer.byteLength(body)),
        },
      })
      request.on('error', error => answered || over(failure(error)))
      request.on('close', () => answered || over({ outcome: 'unreachable', reason: 'closed' }))
      request.on('response', response => {
        answered = true
        clearTimeout(timer)
        beginningOf(response).then(excerpt => over({ ...verdict(response), excerpt }))
      })
      request.end(body)
    } catch (error) {
      over(failure(error as Error))
    }
  })
}

function verdict({ statusCode: status = 0, headers }: IncomingMessage): Omit<Outcome, 'ms'> {
  if (status >= 200 && status < 300) return { outcome: 'ok', status }
  const retryAfter = secondsOf(headers['retry-after'], headers.date)
  return {
    outcome: status >= 300 && status < 400 ? 'redirect' : 'status',
    status,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

function failure(error: NodeJS.ErrnoException): Omit<Outcome, 'ms'> {
  const reason = error.code ?? 'failed'
  // The agent's own refusals have no code.
  const isRefused = reason === NOT_PUBLIC || /is not allowed\. Because/.test(error.message)
  return isRefused ? { outcome: 'refused', reason: NOT_PUBLIC } : { outcome: 'unreachable', reason }
}

/** Reads the beginning of a body that may never end, may trickle, and may be anything. */
function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise(resolve => {
    const parts: Buffer[] = []
    let bytes = 0
    const over = () => {
      clearTimeout(timer)
      resolve(plain(Buffer.concat(parts).subarray(0, READ_BYTES)))
    }
    const timer = setTimeout(over, BODY_MS)
    response.on('data', (part: Buffer) => {
      if (bytes < READ_BYTES) parts.push(part)
      bytes += part.length
      if (bytes >= READ_BYTES) over()
    })
    response.on('close', over)
    response.on('error', over)
    response.on('end', over)
  })
}

// Control characters would mean something to a terminal, and PostgreSQL keeps no NUL.
function plain(bytes: Buffer) {
  const text = new TextDecoder().decode(bytes).replace(/(?![\n\t])\p{Cc}/gu, '')
  return text.slice(0, EXCERPT_CHARACTERS).toWellFormed()
}

/** Retry-After is a number of seconds or a date; a date is read by the clock of the one who wrote it. */
function secondsOf(retryAfter: string | undefined, date: string | undefined) {
  if (!retryAfter) return undefined
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter)
  const from = Date.parse(date ?? '') || Date.now()
  const seconds = Math.ceil((Date.parse(retryAfter) - from) / 1_000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
