import type { Context } from 'hono'
import type { Caller } from '../auth.ts'
import type { Server } from '../door.ts'
import { Problem } from '../problem.ts'
import * as customers from '../store/customers.ts'
import type { Tool } from './mcp-tools.ts'

export type Arguments = Record<string, unknown>
export type Asking = Extract<Caller, { kind: 'secret' | 'admin' }>

const SESSION_MS = 60_000

/**
 * The request that a tool stands for, in the name of whoever calls the tool: it passes the same door as one that came
 * by itself. Throws a Problem for arguments that no request can be made of.
 */
export async function requestOf(
  tool: Tool,
  given: Arguments,
  { c, server, caller }: { c: Context; server: Server; caller: Asking },
) {
  const unknown = Object.keys(given).find(name => !Object.hasOwn(tool.inputSchema.properties, name))
  if (unknown !== undefined) throw Problem.at(unknown, 'This tool takes no such argument.')
  const missing = tool.inputSchema.required.find(name => given[name] === undefined)
  if (missing !== undefined) throw Problem.at(missing, 'This argument is needed.')

  const own = caller.kind === 'secret' && 'appId' in tool.places ? { appId: caller.program.id } : {}
  const { customerId, ...said } = { ...given, ...own } as Arguments
  const inCustomersName = tool.callers.includes('session')
  const credential = inCustomersName
    ? await sessionOf(server, await programOf(server, said.appId), text('customerId', customerId))
    : tool.callers.includes('public')
      ? {}
      : credentialOf(c)
  const placed = (place: string) => Object.entries(said).filter(([name, value]) => tool.places[name] === place && value != null)

  const path = tool.path.replace(/\{(\w+)\}/g, (_, name) => segment(name, text(name, said[name])))
  const query = placed('query')
    .filter(([name]) => !(inCustomersName && name === 'appId'))
    .map(([name, value]) => [name, text(name, value)])
  const body = Object.values(tool.places).includes('body') ? JSON.stringify(Object.fromEntries(placed('body'))) : undefined
  const forwarded = c.req.header('x-forwarded-for')
  return new Request(`${new URL(c.req.url).origin}${path}${query.length ? `?${new URLSearchParams(query)}` : ''}`, {
    method: tool.method,
    headers: {
      ...credential,
      'user-agent': 'Mislata MCP',
      'x-request-id': c.get('requestId'),
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    },
    ...(body !== undefined && { body }),
  })
}

function credentialOf(c: Context): Record<string, string> {
  const names = ['x-api-key', 'authorization']
  return Object.fromEntries(
    names.flatMap(name => (c.req.header(name) === undefined ? [] : [[name, c.req.header(name) as string]])),
  )
}

/** A program that the caller has named, or the only one. */
async function programOf({ desk }: Server, appId: unknown) {
  const { programs } = await desk.directory.current()
  if (appId !== undefined) {
    const program = programs.get(text('appId', appId))
    if (!program) throw new Problem('program_not_found')
    return program.id
  }
  const [only, another] = programs.keys()
  if (another || !only) throw Problem.at('appId', 'There are several programs. Name one.')
  return only
}

/** What a customer would send for itself. Whoever may do everything in a program may also see what its customers see. */
async function sessionOf({ desk, tokens }: Server, programId: string, customerId: string) {
  if (!(await customers.byAnyId(desk.database.db, programId, customerId))) throw new Problem('customer_not_found')
  const now = desk.clock()
  const expiresAt = new Date(now.getTime() + SESSION_MS)
  return { authorization: `Bearer ${await tokens.sign({ kind: 'session', programId, customerId }, { now, expiresAt })}` }
}

function text(name: string, value: unknown) {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw Problem.at(name, 'Give text or a number.')
}

function segment(name: string, value: string) {
  if (/^\.{0,2}$/.test(value) || !value.isWellFormed()) throw Problem.at(name, 'That is not an id.')
  return encodeURIComponent(value)
}
