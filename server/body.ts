import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from './problem.ts'

export const LARGEST_BODY = 64 * 1024
/** Events of a billing system, which are signed: an invoice has a place for a great deal of metadata. */
const LARGEST_EVENT = 512 * 1024
/** Files that are sent as they are, in one string. */
const LARGEST_FILE = 2 * 1024 * 1024
/** Files of another system's, or exports: read from the disk, and never kept in memory. */
export const LARGEST_IMPORT = 1024 * 1024 * 1024
const DEEPEST = 20
const MOST_KEYS = 1_000

/** 413 for a body that is too large, before it is kept. A body that says its length is held to it by the HTTP parser. */
export async function boundBody(c: Context) {
  const length = c.req.header('content-length')
  const most = largest(c.req.path)
  if (length !== undefined && Number(length) > most) tooLarge()
  // It counts what comes itself.
  if (most === LARGEST_IMPORT) return
  // Hono counts the bytes as they come, for which it has to make a stream of them.
  if (length === undefined && c.req.header('transfer-encoding') !== undefined)
    await bodyLimit({ maxSize: most, onError: tooLarge })(c, async () => {})
}

function largest(path: string) {
  if (path.startsWith('/v1/integrations/')) return LARGEST_EVENT
  if (/^\/v1\/apps\/[^/]+\/import$/.test(path)) return LARGEST_IMPORT
  return /^\/v1\/apps\/[^/]+\/payouts\/results$/.test(path) ? LARGEST_FILE : LARGEST_BODY
}

function tooLarge(): never {
  throw new Problem('too_large', { headers: { connection: 'close' } })
}

/**
 * The JSON of a request, of a kind that every database and page can take: not too deep, no key that reaches a
 * prototype, no NUL and no half of a surrogate pair (PostgreSQL refuses both). 415 where it is not sent as JSON.
 */
export async function readJson(c: Context): Promise<unknown> {
  const kind = kindOf(c.req.header('content-type'))
  if (kind !== 'json') throw new Problem('wrong_type')
  return jsonFrom(await c.req.text())
}

/** What a content type says that a body is. A page that wants no preflight sends JSON as text. */
export function kindOf(contentType: string | undefined) {
  if (contentType === 'application/json') return 'json'
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))) return 'json'
  return type === 'text/plain' || type === '' ? 'text' : 'other'
}

/** The same for a text that has been read. */
export function jsonFrom(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem('malformed_json')
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('malformed_json')
  if (!isSafe(value as Record<string, unknown>)) throw new Problem('unsafe_json')
  return value
}

/** True for text that every database keeps as it is. */
export function isSafeText(text: string) {
  return text.isWellFormed() && !text.includes('\0')
}

// Walks without calling itself: a body made to exhaust the stack must not.
function isSafe(root: Record<string, unknown>) {
  const open: { value: Record<string, unknown>; depth: number }[] = [{ value: root, depth: 1 }]
  let keys = 0
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > DEEPEST) return false
    // What JSON makes inherits nothing that could be listed.
    for (const key in next.value) {
      const value: unknown = next.value[key]
      if (++keys > MOST_KEYS || key === '__proto__' || key === 'constructor' || key === 'prototype' || !isSafeText(key))
        return false
      if (typeof value === 'string' && !isSafeText(value)) return false
      if (typeof value === 'object' && value !== null)
        open.push({ value: value as Record<string, unknown>, depth: next.depth + 1 })
    }
  }
  return true
}
