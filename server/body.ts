import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from './problem.ts'

const LARGEST_BODY = 64 * 1024
const DEEPEST = 20
const MOST_KEYS = 1_000

/** 413 for a body that is too large, before it is kept. A body that says its length is held to it by the HTTP parser. */
export async function boundBody(c: Context) {
  const length = c.req.header('content-length')
  if (length !== undefined && Number(length) > LARGEST_BODY) tooLarge()
  // Hono counts the bytes as they come, for which it has to make a stream of them.
  if (length === undefined && c.req.header('transfer-encoding') !== undefined) await counted(c, async () => {})
}

const counted = bodyLimit({ maxSize: LARGEST_BODY, onError: tooLarge })

function tooLarge(): never {
  throw new Problem('too_large', { headers: { connection: 'close' } })
}

/**
 * The JSON of a request, of a kind that every database and page can take: not too deep, no key that reaches a
 * prototype, no NUL and no half of a surrogate pair (PostgreSQL refuses both). 415 where it is not sent as JSON.
 */
export async function readJson(c: Context, { textToo = false } = {}): Promise<unknown> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isJson = type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))
  if (!isJson && !(textToo && (type === 'text/plain' || type === ''))) throw new Problem('wrong_type')
  let value: unknown
  try {
    value = JSON.parse(await c.req.text())
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
