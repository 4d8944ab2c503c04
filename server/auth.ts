import type { Context } from 'hono'
import { Problem } from './problem.ts'
import type { Desk } from './program/desk.ts'
import { hashed } from './program/ids.ts'
import * as admins from './store/admins.ts'
import type { Customer } from './store/customers.ts'
import * as customers from './store/customers.ts'
import type { Known } from './store/directory.ts'
import type { Program } from './store/programs.ts'
import type { Tokens } from './tokens.ts'

export type Caller =
  | { kind: 'public' }
  | { kind: 'publishable'; keyId: string; program: Program }
  | { kind: 'secret'; keyId: string; program: Program }
  | { kind: 'session'; program: Program; customer: Customer }
  | { kind: 'admin'; sessionId: string; adminId: string; email: string }

export type Who = Caller['kind']

type Doorkeeper = { desk: Desk; tokens: Tokens; publicUrl: string }

/**
 * Who sends a request, of those whom the route lets in. 401 for no credential or a bad one, 403 for a good one of
 * another kind, from a page that may not use it, or for a secret key that a browser has got hold of.
 */
export async function authenticate(c: Context, keeper: Doorkeeper, who: readonly Who[]): Promise<Caller> {
  if (who.includes('public')) return { kind: 'public' }
  const caller = await identify(c, keeper)
  if (!who.includes(caller.kind)) throw new Problem('wrong_credential')
  if (caller.kind === 'publishable' || caller.kind === 'session') assertOrigin(c, caller.program, keeper.publicUrl)
  return caller
}

/** The program of a publishable key that is named in a body or header; 403 from a page that is not the program's. */
export function programOfPublishable(c: Context, { publicUrl }: Doorkeeper, { keys, seen }: Known, text: string): Program {
  const key = seen.get(text) ?? keys.get(hashed(text))
  if (!key) throw new Problem('bad_credential')
  if (key.type !== 'publishable') throw new Problem('wrong_credential')
  seen.set(text, key)
  assertOrigin(c, key.program, publicUrl)
  return key.program
}

/** A request that comes from a page must come from one of the program's; what is no page sends no origin. */
export function assertOrigin(c: Context, program: Program, publicUrl: string) {
  const origin = c.req.header('origin')
  if (origin === undefined || program.settings.allowedOrigins.includes(origin)) return
  if (origin === new URL(publicUrl).origin) return
  throw new Problem('origin_not_allowed')
}

async function identify(c: Context, { desk, tokens }: Doorkeeper): Promise<Caller> {
  const credential = c.req.header('x-api-key') ?? bearer(c)
  if (!credential) throw new Problem('no_credential')

  const { keys, programs } = await desk.directory.current()
  if (credential.startsWith(`${desk.keyPrefix}_`)) {
    const key = keys.get(hashed(credential))
    if (!key) throw new Problem('bad_credential')
    const caller = { kind: key.type, keyId: key.id, program: key.program }
    if (key.type === 'publishable') return caller as Caller
    // No page can hold this key and keep it; that it was sent from one means that it has leaked.
    if (c.req.header('origin') !== undefined) throw new Problem('secret_key_in_browser')
    return caller as Caller
  }

  // The clock of tokens is the real one: a program's test clock does not make sessions run out.
  const token = await tokens.read(credential, desk.clock())
  if (token?.kind === 'admin') {
    const session = await admins.session(desk.database.db, token.sessionId, desk.clock().toISOString())
    if (session) return { kind: 'admin', sessionId: session.id, adminId: session.adminId, email: session.email }
  }
  if (token?.kind === 'session') {
    const program = programs.get(token.programId)
    const customer = program && (await customers.byAnyId(desk.database.db, program.id, token.customerId))
    if (customer) return { kind: 'session', program, customer }
  }
  throw new Problem('bad_credential')
}

function bearer(c: Context) {
  const match = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')
  if (match) return match[1]
  if (c.req.header('authorization') !== undefined) throw new Problem('bad_credential')
  return undefined
}
