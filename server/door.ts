import type { Context, Handler, MiddlewareHandler } from 'hono'
import { describeRoute } from 'hono-openapi'
import * as v from 'valibot'
import { actorOf, authenticate, type Caller, type Who } from './auth.ts'
import { isSafeText, readJson } from './body.ts'
import { once } from './idempotency.ts'
import type { Identity } from './identity.ts'
import { described } from './openapi/describe.ts'
import { Problem } from './problem.ts'
import { inNameOf } from './program/audit.ts'
import type { Desk } from './program/desk.ts'
import type { Program } from './store/programs.ts'
import type { Tokens } from './tokens.ts'

/** What the routes share. */
export type Server = {
  desk: Desk
  tokens: Tokens
  identity: Identity
  publicUrl: string
  /** True once the process has been told to stop. */
  isDraining(): boolean
  address(c: Context): string
  limitPublic(address: string): Promise<void>
  /** Counts a request with a partner key, and says what the answer's headers tell of it. */
  limitPartner(keyId: string): Promise<Record<string, string>>
  /** Counts an address that asks for a link by mail; false once there were too many. */
  limitSignIn(address: string): Promise<boolean>
  /** Whether there is a mail server: without one nobody is offered what comes by mail. */
  sendsMail: boolean
  limitLogin: { attempt(from: string, email: string): Promise<void>; succeeded(from: string, email: string): Promise<void> }
}

type Schema = v.GenericSchema

/** What a route takes and gives. It is said once: it lets in, it validates, and it becomes the OpenAPI document. */
export type Spec = {
  summary: string
  tag: string
  who: readonly Who[]
  /**
   * The path has `:appId`: the program that it names, if the caller may see it. `asked`: the path has none, and an admin
   * names the program by `?appId=` or `x-program-id`, where there is more than one.
   */
  inProgram?: true | 'asked'
  /** Not counted against the address that asks: for probes. */
  unlimited?: true
  query?: Schema
  /** Headers that it reads beside the credential, with what they say. */
  headers?: Record<string, string>
  body?: Schema
  /** The body may be left out altogether, and is an empty object then. */
  bodyOptional?: true
  /** What a file that is the body itself may be, which the route reads as it comes. */
  sends?: readonly string[]
  /** By status; `null` for an answer without a body. */
  replies: Record<number, Schema | null>
  /** What the replies are written in, where that is not JSON. */
  media?: string
}

type Output<S> = S extends Schema ? v.InferOutput<S> : undefined
type CallerOf<S extends Spec> = Extract<Caller, { kind: S['who'][number] }>
type ProgramOf<S extends Spec> = S['inProgram'] extends true | 'asked'
  ? Program
  : Extract<S['who'][number], 'public' | 'admin'> extends never
    ? Program
    : undefined

export type Call<S extends Spec> = {
  c: Context
  desk: Desk
  caller: CallerOf<S>
  program: ProgramOf<S>
  query: Output<S['query']>
  body: Output<S['body']>
}

/** A route's two handlers: its description, and the door that everything passes before `answer` is asked. */
export function door<const S extends Spec>(
  server: Server,
  spec: S,
  answer: (call: Call<S>) => Promise<Response> | Response,
): [MiddlewareHandler, Handler] {
  async function handle(c: Context) {
    const caller = await authenticate(c, server, spec.who)
    // Whoever comes without a credential, or with one that stands on a page, may come in great numbers.
    if (!spec.unlimited && (caller.kind === 'public' || caller.kind === 'publishable'))
      await server.limitPublic(server.address(c))
    if (caller.kind === 'partner')
      for (const [name, value] of Object.entries(await server.limitPartner(caller.keyId))) c.header(name, value)
    const program = await programFor(c, server, spec, caller)
    const query = spec.query && valid(spec.query, readQuery(c))
    const sent = spec.body && (spec.bodyOptional && isEmpty(c) ? {} : await readJson(c))
    const body = spec.body && valid(spec.body, sent)
    const call = { c, desk: server.desk, caller, program, query, body } as Call<S>
    const run = () => inNameOf(actorOf(caller), c.get('requestId') ?? null, () => answer(call))
    return once(c, { desk: server.desk, caller, programId: program?.id ?? null, sent }, run)
  }
  return [describeRoute(described(spec)), handle]
}

/** What a schema makes of a value; 422 with the fields at fault otherwise. */
export function valid<S extends Schema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (!result.success) throw Problem.invalid(result.issues)
  return result.output
}

// A program that a key does not belong to answers as one that does not exist.
async function programFor(c: Context, { desk }: Server, spec: Spec, caller: Caller): Promise<Program | undefined> {
  const own = caller.kind === 'public' || caller.kind === 'admin' ? undefined : caller.program
  if (!spec.inProgram) return own
  const wanted = spec.inProgram === 'asked' ? await askedFor(c, desk, own) : c.req.param('appId')
  const program = own ?? (await desk.directory.program(wanted ?? ''))
  if (!program || program.id !== wanted) throw new Problem('program_not_found')
  return program
}

async function askedFor(c: Context, desk: Desk, own: Program | undefined) {
  const named = c.req.query('appId') || c.req.header('x-program-id')
  if (named) return named
  if (own) return own.id
  const [only, another] = (await desk.directory.current()).programs.keys()
  if (another) throw Problem.at('appId', 'There are several programs. Name one, as in ?appId=prog_….')
  return only
}

function isEmpty(c: Context) {
  return !Number(c.req.header('content-length') ?? 0) && c.req.header('transfer-encoding') === undefined
}

function readQuery(c: Context) {
  const query = c.req.query()
  for (const [name, value] of Object.entries(query)) {
    if (!isSafeText(name) || !isSafeText(value))
      throw Problem.at(isSafeText(name) ? name : '', 'That text has a character that cannot be kept.')
  }
  return query
}

/** An id from the path, or nothing that could be one. */
export function idFrom(c: Context, name: string) {
  const id = c.req.param(name) ?? ''
  return id.length <= 300 && isSafeText(id) ? id : ''
}
