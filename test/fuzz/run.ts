import fc from 'fast-check'
import type { Document } from '../../server/openapi/document.ts'
import { type Fuzzed, isSlot, kindOf, requests, type Slot } from './requests.ts'

/** One server that is asked, with what it calls the things that all of them have. */
export type Asked = {
  name: string
  url: string
  credentials: Record<string, Record<string, string>>
  /** By kind; the same place holds the same thing on each server. */
  known: Record<string, string[]>
}

export type Finding = { request: number; what: string; asked: string; answers: string[] }
type Answer = { status: number; type: string; text: string; body: unknown; headers: Headers }

const MOST_KNOWN = 60
const MOST_FINDINGS = 10

/**
 * Sends the same requests to several servers, one after the other, and compares: nobody may answer with a 5xx, each answer
 * must be what the document says, and all must answer alike but for what they have named themselves. `each` is told of
 * every answer and of its number before the next request is made.
 */
export async function fuzz(
  servers: Asked[],
  document: Document,
  options: {
    requests: number
    seed: number
    check(of: Fuzzed, answer: Answer): string | undefined
    before(number: number): Promise<void>
  },
) {
  const findings: Finding[] = []
  const statuses = new Map<number, number>()
  const good = new Set<string>()
  const callers = Object.keys(servers[0]?.credentials ?? {}).filter(name => name !== 'leaving')
  const all = fc.sample(requests(document, callers), { seed: options.seed, numRuns: options.requests })
  for (const [number, request] of all.entries()) {
    await options.before(number)
    const answers = await Promise.all(servers.map(server => ask(server, request)))
    const status = answers[0]?.status ?? 0
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status < 300) good.add(`${request.method} ${request.path}`)
    const faults = new Set<string>()
    for (const answer of answers) {
      if (answer.status >= 500) faults.add(`status ${answer.status}`)
      const wrong = options.check(request, answer)
      if (wrong) faults.add(wrong)
      if (request.path.endsWith('/ledger/verify') && !request.query.length && (answer.body as Verified)?.ok === false)
        faults.add('the books do not agree')
    }
    const difference = differs(request, answers)
    if (difference) faults.add(`the servers differ: ${difference}`)
    for (const what of faults) {
      findings.push({
        request: number,
        what,
        asked: JSON.stringify(request),
        answers: answers.map(each => `${each.status} ${each.text.slice(0, 300)}`),
      })
    }
    if (findings.length >= MOST_FINDINGS) break
    // A code of one program may be that of the other by chance, on one server and not on the next.
    const ownCodes = !request.caller.endsWith('of another')
    if (!difference && new Set(answers.map(each => each.status)).size === 1) learn(servers, answers, ownCodes)
  }
  return { findings, statuses, good }
}

async function ask(server: Asked, request: Fuzzed): Promise<Answer> {
  const named = (value: string | Slot) => (isSlot(value) ? nameOf(server, value) : value)
  const path = request.path.replace(
    /\{(\w+)\}/g,
    (_, name) => encodeURIComponent(wellFormed(named(request.ids[name] ?? ''))) || '%20',
  )
  const query = new URLSearchParams(request.query.map(([name, value]): [string, string] => [name, named(value)]))
  const body =
    request.body === undefined
      ? undefined
      : 'raw' in request.body
        ? request.body.raw
        : JSON.stringify(filled(server, request.body.json))
  // The session that the others need is not ended.
  const locksOut = request.method !== 'GET' && /^\/v1\/(auth|team)\b/.test(request.path)
  const caller = locksOut && request.caller === 'admin' ? 'leaving' : request.caller
  const isBodiless = request.method === 'GET' || request.method === 'HEAD'
  const response = await fetch(`${server.url}${path}${query.size ? `?${query}` : ''}`, {
    method: request.method,
    headers: {
      ...(body !== undefined && request.contentType && { 'content-type': request.contentType }),
      ...server.credentials[caller],
      ...request.headers,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0',
    },
    ...(body !== undefined && !isBodiless && { body }),
    redirect: 'manual',
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    type,
    text,
    body: type.includes('json') && !type.includes('ndjson') ? JSON.parse(text) : undefined,
    headers: response.headers,
  }
}

// What a client itself would resolve is no segment of a path.
const wellFormed = (text: string) => (/^\.{1,2}$/.test(text) ? `${text}_` : text.toWellFormed())

function nameOf({ known }: Asked, { slot, place }: Slot) {
  const all = known[slot] ?? []
  return all[place % all.length] ?? `${slot}_1111111111111111111111`
}

function filled(server: Asked, value: unknown): unknown {
  if (isSlot(value)) return nameOf(server, value)
  if (Array.isArray(value)) return value.map(each => filled(server, each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(server, each)]))
}

// What a server has made up by itself: ids, keys, tokens, codes with a random tail, signatures and cursors.
const MADE =
  /\b(?:prog|par|apl|cus|clk|ref|cnv|com|key|adm|ses|jtx|mail|evt|dlv|whk|pay|rwd|deal|rfd|lnk|aud|bat|crd|dcn|imp)_[1-9A-HJ-NP-Za-km-z]{22}\b/g
const ownWords = new Set([
  'object',
  'code',
  'codes',
  'slug',
  'link',
  'url',
  'shareUrl',
  'sharePath',
  'key',
  'hint',
  'token',
  'applicationToken',
  'secret',
  'uri',
  'qr',
  'nextCursor',
  'requestId',
  'grantKey',
  'clickId',
  'body',
  'label',
  // Hashes of what has such names in it.
  'head',
  'hash',
])
// What goes on by itself, at a moment of its own.
const restless = /webhooks|\/stuck|\/overview|\/audit|\/metrics|\/readyz|\/admin\/referrals|\/credits/

function differs(request: Fuzzed, [first, ...others]: Answer[]) {
  if (!first) return undefined
  for (const other of others) {
    if (other.status !== first.status && !/deliveries/.test(request.path)) return `status ${first.status} and ${other.status}`
    if (restless.test(request.path) || first.body === undefined) continue
    const where = difference(first.body, other.body, '')
    if (where) return where
  }
  return undefined
}

function difference(one: unknown, other: unknown, at: string): string | undefined {
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return `${at} has ${one.length} and ${other.length}`
    return first(one.keys(), i => difference(one[i], other[i], `${at}.${i}`))
  }
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const names = Object.keys(one)
    if (names.join() !== Object.keys(other).join()) return `${at} has ${names} and ${Object.keys(other)}`
    return first(names, name => difference((one as never)[name], (other as never)[name], `${at}.${name}`))
  }
  if (one === other) return undefined
  if (typeof one === 'string' && typeof other === 'string') {
    if (
      ownWords.has(
        at
          .split('.')
          .filter(part => !/^\d+$/.test(part))
          .at(-1) ?? '',
      )
    )
      return undefined
    const [inOne, inOther] = [written(one), written(other)]
    if (inOne && inOther) return difference(inOne, inOther, at)
    if (one.replace(MADE, '') === other.replace(MADE, '') && MADE.test(one)) return undefined
  }
  return `${at} is ${JSON.stringify(one)} and ${JSON.stringify(other)}`
}

type Verified = { ok?: boolean } | undefined

/** What a tool answers in words is JSON as well. */
function written(text: string): unknown {
  try {
    return text.startsWith('{') ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function first<T>(all: Iterable<T>, find: (each: T) => string | undefined) {
  for (const each of all) {
    const found = find(each)
    if (found) return found
  }
  return undefined
}

/** Remembers what the answers name, each server under its own name and all in the same place. */
function learn(servers: Asked[], answers: Answer[], codesToo: boolean) {
  const [one, ...others] = answers
  if (!one || one.status >= 300 || one.body === undefined) return
  walk(
    one.body,
    others.map(each => each.body),
    (texts, field) => {
      const kind =
        /^([a-z]{3,4})_[1-9A-HJ-NP-Za-km-z]{22}$/.exec(texts[0] ?? '')?.[1] ??
        (codesToo && (field === 'code' || field === 'slug') ? 'code' : undefined)
      if (!kind || texts.some(text => typeof text !== 'string')) return
      if (servers[0]?.known[kind]?.includes(texts[0] as string)) return
      for (const [i, server] of servers.entries()) {
        const known = server.known[kind] ?? []
        server.known[kind] = known
        // What was there from the start stays: it is what most requests need.
        if (known.length < MOST_KNOWN) known.push(texts[i] as string)
      }
    },
  )
}

function walk(one: unknown, others: unknown[], visit: (texts: string[], field: string) => void, field = '') {
  if (typeof one === 'string') return visit([one, ...(others as string[])], field)
  if (typeof one !== 'object' || one === null) return
  for (const name of Object.keys(one)) {
    const below = others.map(each => (each as Record<string, unknown> | null | undefined)?.[name])
    walk((one as Record<string, unknown>)[name], below, visit, Array.isArray(one) ? field : name)
  }
}

export { kindOf }
