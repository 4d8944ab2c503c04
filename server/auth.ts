import type { Context } from 'hono'
import { assertOwnConsole, consoleCookie } from './console-cookie.ts'
import type { Role } from './contract/roles.ts'
import type { Identified, Identity } from './identity.ts'
import { Problem } from './problem.ts'
import { current } from './program/admin-sessions.ts'
import type { Actor } from './program/audit.ts'
import * as named from './program/customers.ts'
import type { Desk } from './program/desk.ts'
import { hashed } from './program/ids.ts'
import { mayDo, rightFor } from './rules/roles.ts'
import type { OpenSession } from './store/admin-sessions.ts'
import type { Customer } from './store/customers.ts'
import * as customers from './store/customers.ts'
import type { Known } from './store/directory.ts'
import * as partnerKeys from './store/partner-keys.ts'
import type { Partner } from './store/partners.ts'
import type { Program } from './store/programs.ts'
import type { Tokens } from './tokens.ts'

export type Caller =
  | { kind: 'public' }
  | { kind: 'publishable'; keyId: string; program: Program }
  | { kind: 'secret'; keyId: string; program: Program }
  | { kind: 'partner'; keyId: string; program: Program; partner: Partner }
  | { kind: 'session'; program: Program; customer: Customer }
  | { kind: 'admin'; sessionId: string; adminId: string; email: string; role: Role; mustEnrol: boolean }

export type Who = Caller['kind']

/** In whose name the audit log has what a caller does. A customer goes by our own id: the host's may be an address. */
export function actorOf(caller: Caller): Actor {
  if (caller.kind === 'public') return { kind: caller.kind, id: null, label: null }
  if (caller.kind === 'admin') return { kind: caller.kind, id: caller.adminId, label: caller.email }
  if (caller.kind === 'session') return { kind: caller.kind, id: caller.customer.id, label: null }
  return { kind: caller.kind, id: caller.keyId, label: null }
}

type Doorkeeper = { desk: Desk; tokens: Tokens; identity: Identity; publicUrl: string }

/**
 * Who sends a request, of those whom the route lets in. 401 for no credential or a bad one, 403 for a good one of
 * another kind, from a page that may not use it, or for a secret key that a browser has got hold of.
 */
export async function authenticate(c: Context, keeper: Doorkeeper, who: readonly Who[]): Promise<Caller> {
  if (who.includes('public')) return { kind: 'public' }
  const caller = await identify(c, keeper)
  if (!who.includes(caller.kind)) throw new Problem('wrong_credential')
  if (caller.kind === 'admin') assertRight(c, caller)
  if (caller.kind === 'secret' || caller.kind === 'partner') assertNoPage(c)
  if (caller.kind === 'partner') assertActive(caller.partner)
  if (caller.kind === 'publishable' || caller.kind === 'session')
    assertOrigin(c.req.header('origin'), caller.program, keeper.publicUrl)
  return caller
}

/** The program of a publishable key that is named in a body or header; 403 from a page that is not the program's. */
export async function programOfPublishable(
  { key: text, origin }: { key: string; origin: string | undefined },
  { publicUrl, desk }: Doorkeeper,
  { seen }: Known,
): Promise<Program> {
  const key = seen.get(text) ?? (await desk.directory.key(hashed(text)))
  if (!key) throw new Problem('bad_credential')
  if (key.type !== 'publishable') throw new Problem('wrong_credential')
  seen.set(text, key)
  assertOrigin(origin, key.program, publicUrl)
  return key.program
}

/** A request that comes from a page must come from one of the program's; what is no page sends no origin. */
export function assertOrigin(origin: string | undefined, program: Program, publicUrl: string) {
  if (origin === undefined || program.settings.allowedOrigins.includes(origin)) return
  if (origin === new URL(publicUrl).origin) return
  throw new Problem('origin_not_allowed')
}

async function identify(c: Context, keeper: Doorkeeper): Promise<Caller> {
  const { desk, tokens, identity } = keeper
  const credential = c.req.header('x-api-key') ?? bearer(c)
  if (!credential) return atConsole(c, keeper)

  const { programs } = await desk.directory.current()
  if (credential.startsWith(`${desk.keyPrefix}_`)) {
    if (credential.startsWith(`${desk.keyPrefix}_pa_`)) return partnerWith(desk, credential)
    const key = await desk.directory.key(hashed(credential))
    if (!key) throw new Problem('bad_credential')
    return { kind: key.type, keyId: key.id, program: key.program } as Caller
  }

  // The clock of tokens is the real one: a program's test clock does not make sessions run out.
  const token = await tokens.read(credential, desk.clock())
  if (token?.kind === 'admin') {
    const session = await current(desk, { id: token.sessionId })
    if (session) return adminOf(session)
  }
  if (token?.kind === 'session') {
    const program = await desk.directory.program(token.programId)
    const customer = program && (await customers.byAnyId(desk.database.db, program.id, token.customerId))
    if (customer) return { kind: 'session', program, customer }
  }
  const identified = token ? undefined : await identity.read(credential, programs.values(), desk.clock())
  if (identified) return { kind: 'session', program: identified.program, customer: await customerOf(desk, identified) }
  throw new Problem('bad_credential')
}

/** Whoever is signed in to the console. A cookie counts only where nothing else is shown. */
async function atConsole(c: Context, keeper: Doorkeeper): Promise<Caller> {
  const cookie = consoleCookie(c, keeper)
  if (!cookie) throw new Problem('no_credential')
  assertOwnConsole(c, keeper)
  const session = await current(keeper.desk, { cookie })
  if (!session) throw new Problem('bad_credential')
  return adminOf(session)
}

function adminOf({ id, adminId, email, role, totpConfirmedAt, required }: OpenSession): Caller {
  return { kind: 'admin', sessionId: id, adminId, email, role, mustEnrol: required === 'yes' && !totpConfirmedAt }
}

/** What an admin's role is for; who still has to set up a second factor does that first. */
function assertRight(c: Context, { role, mustEnrol }: Extract<Caller, { kind: 'admin' }>) {
  const right = rightFor(c.req.method, c.req.routePath)
  if (mustEnrol && right !== 'self') throw new Problem('second_factor_required')
  if (!mayDo(role, right)) throw new Problem('role_may_not')
}

/** Read at every request: a key that is revoked, and a partner that is deactivated, are shut out from the next one on. */
async function partnerWith(desk: Desk, credential: string): Promise<Caller> {
  const found = await partnerKeys.holder(desk.database.db, hashed(credential))
  const program = found && (await desk.directory.program(found.partner.programId))
  if (!program) throw new Problem('bad_credential')
  const { keyId, partner } = found
  return { kind: 'partner', keyId, program, partner }
}

// No page can hold such a key and keep it; that it was sent from one means that it has leaked.
function assertNoPage(c: Context) {
  if (c.req.header('origin') !== undefined) throw new Problem('secret_key_in_browser')
}

function assertActive({ deactivatedAt, activatedAt }: Partner) {
  if (deactivatedAt) throw new Problem('partner_deactivated')
  if (!activatedAt) throw new Problem('partner_not_active')
}

/** The customer whom the host's own provider has signed in. What it says of them is the host's word, as in a session. */
async function customerOf(desk: Desk, { program, customerId, email }: Identified) {
  const known = await customers.byAnyId(desk.database.db, program.id, customerId)
  // An id that this server has given is not the provider's to name.
  if (known && known.externalId !== customerId) throw new Problem('bad_credential')
  return named.name(desk, program, { customerId, email })
}

function bearer(c: Context) {
  const match = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')
  if (match) return match[1]
  if (c.req.header('authorization') !== undefined) throw new Problem('bad_credential')
  return undefined
}
