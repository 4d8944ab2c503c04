import { toJsonSchema } from '@valibot/to-json-schema'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { type DescribeRouteOptions, describeRoute, resolver } from 'hono-openapi'
import * as v from 'valibot'
import { authenticate, type Caller, type Who } from './auth.ts'
import { isSafeText, readJson } from './body.ts'
import { ProblemReply } from './contract/problem.ts'
import { Problem } from './problem.ts'
import type { Desk } from './program/desk.ts'
import type { Program } from './store/programs.ts'
import type { Tokens } from './tokens.ts'

/** What the routes share. */
export type Server = {
  desk: Desk
  tokens: Tokens
  publicUrl: string
  /** True once the process has been told to stop. */
  isDraining(): boolean
  address(c: Context): string
  limitPublic(address: string): Promise<void>
  limitLogin: { attempt(from: string, email: string): Promise<void>; succeeded(from: string, email: string): Promise<void> }
}

type Schema = v.GenericSchema

/** What a route takes and gives. It is said once: it lets in, it validates, and it becomes the OpenAPI document. */
export type Spec = {
  summary: string
  tag: string
  who: readonly Who[]
  /** The path has `:appId`: the program that it names, if the caller may see it. */
  inProgram?: true
  /** Not counted against the address that asks: for probes. */
  unlimited?: true
  query?: Schema
  /** Headers that it reads beside the credential, with what they say. */
  headers?: Record<string, string>
  body?: Schema
  replies: Record<number, Schema>
}

type Output<S> = S extends Schema ? v.InferOutput<S> : undefined
type CallerOf<S extends Spec> = Extract<Caller, { kind: S['who'][number] }>
type ProgramOf<S extends Spec> = S['inProgram'] extends true
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
    const program = await programFor(c, server, spec, caller)
    const query = spec.query && valid(spec.query, readQuery(c))
    const body = spec.body && valid(spec.body, await readJson(c))
    return answer({ c, desk: server.desk, caller, program, query, body } as Call<S>)
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
  const wanted = c.req.param('appId')
  const program = own ?? (await desk.directory.current()).programs.get(wanted ?? '')
  if (!program || program.id !== wanted) throw new Problem('program_not_found')
  return program
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

const securityOf: Record<Who, Record<string, string[]>[]> = {
  publishable: [{ apiKey: [] }],
  secret: [{ apiKey: [] }, { bearer: [] }],
  session: [{ bearer: [] }],
  admin: [{ bearer: [] }],
  public: [],
}

function described({ summary, tag, who, query, headers, body, replies }: Spec): DescribeRouteOptions {
  // Checks that JSON Schema has no word for are left out; what is described is what is sent, before any trimming.
  const json = (schema: Schema) => ({
    'application/json': { schema: resolver(schema, { errorMode: 'ignore', typeMode: 'input' }) },
  })
  return {
    summary,
    tags: [tag],
    description: who.includes('public') ? 'Public.' : `For: ${who.join(', ')}.`,
    security: who.flatMap(each => securityOf[each]),
    ...((query || headers) && { parameters: [...parameters(query), ...headerParameters(headers)] }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(replies).map(([status, schema]) => [status, { description: 'Done', content: json(schema) }]),
      ),
      default: problemReply(),
    },
  }
}

function parameters(query?: Schema) {
  const entries = query && 'entries' in query ? (query.entries as Record<string, Schema>) : {}
  return Object.entries(entries).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: schema.type !== 'optional',
    schema: toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' }) as object,
  }))
}

function headerParameters(headers: Record<string, string> = {}) {
  const schema = { type: 'string' as const }
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header' as const,
    required: false,
    description,
    schema,
  }))
}

/** What every route answers where something is wrong, as the OpenAPI document has it. */
export function problemReply() {
  return { description: 'A problem', content: { 'application/problem+json': { schema: resolver(ProblemReply) } } }
}
