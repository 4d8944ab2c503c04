import { sql } from 'kysely'
import * as v from 'valibot'
import { expect } from 'vitest'
import { type Dashboard, Dashboard as DashboardReply } from '../../server/contract/affiliate.ts'
import { type Application, ApplicationList, Reviewed } from '../../server/contract/applications.ts'
import { Token } from '../../server/contract/auth.ts'
import { type Conversion, Conversion as ConversionReply } from '../../server/contract/conversions.ts'
import { PartnerWithStats } from '../../server/contract/partners.ts'
import { type ProblemReply, ProblemReply as ProblemSchema } from '../../server/contract/problem.ts'
import { Clicked, Referral } from '../../server/contract/referrals.ts'
import { browser, type Reply, type TestProgram, type TestServer } from './server.ts'

/** A reply as its schema reads it: it has the expected status, and nothing is in it that the schema does not name. */
export function read<S extends v.GenericSchema>(schema: S, reply: Reply, status = 200): v.InferOutput<S> {
  expect(reply.status, reply.text).toBe(status)
  const result = v.parse(schema, reply.body)
  expect(reply.body).toEqual(result)
  return result
}

/** A problem, of the expected status and code. */
export function refused(reply: Reply, status: number, code: string): ProblemReply {
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  const problem = read(ProblemSchema, reply, status)
  expect(problem.code, reply.text).toBe(code)
  return problem
}

/** The paths of the fields that a 422 finds fault with. */
export const faults = (reply: Reply) => refused(reply, 422, 'invalid').errors?.map(each => each.path)

type Keys = { secret: string; publishable: string }
type Visit = { code: string; clickId?: string; url?: string; referrer?: string; campaign?: string }

/** A visit through a code; `from` is the visitor's address, for a server that trusts 127.0.0.1 as its proxy. */
export async function click(server: TestServer, { publishable }: Keys, { from, ...visit }: Visit & { from?: string }) {
  const headers = { 'user-agent': browser, ...(from && { 'x-forwarded-for': from }) }
  return read(Clicked, await server.ask('POST', '/referrals/click', { key: publishable, headers, body: visit }), 202)
}

/** The signup of a customer, who is referred by it. */
export async function refer(server: TestServer, { secret }: Keys, signup: Record<string, unknown> & { customerId: string }) {
  return read(Referral, await server.ask('POST', '/v1/referrals', { key: secret, body: signup }), 201)
}

type Sale = Record<string, unknown> & { customerId: string; amount: number }

/** A payment; in EUR and under an id of its own where nothing else is said. */
export async function pay(server: TestServer, { secret }: Keys, sale: Sale): Promise<Conversion> {
  const body = { externalId: `pay-${++payments}`, currency: 'EUR', ...sale }
  return read(ConversionReply, await server.ask('POST', '/v1/conversions', { key: secret, body }), 201)
}

let payments = 0

/** The application that was made with an address. */
export async function applicationOf(server: TestServer, { program, secret }: TestProgram, email: string): Promise<Application> {
  const path = `/v1/apps/${program.id}/affiliates/applications?per_page=100`
  const { data } = read(ApplicationList, await server.ask('GET', path, { key: secret }))
  const found = data.find(each => each.email === email)
  if (!found) throw new Error(`${email} has not applied`)
  return found
}

type Decision = { action: 'approve'; code?: string } | { action: 'reject'; rejectionReason?: string }

/** The decision on the application that was made with an address. */
export async function decide(server: TestServer, acme: TestProgram, email: string, decision: Decision) {
  const { id } = await applicationOf(server, acme, email)
  const path = `/v1/apps/${acme.program.id}/affiliates/applications/${id}/review`
  return read(Reviewed, await server.ask('POST', path, { key: acme.secret, body: decision }))
}

/** A token for a customer, as a host's backend would hand it to the widget. */
export async function sessionOf(server: TestServer, { secret }: Keys, customer: { customerId: string; email?: string }) {
  return read(Token, await server.ask('POST', '/v1/sessions', { key: secret, body: customer }), 201).token
}

export async function dashboard(server: TestServer, token: string, query = ''): Promise<Dashboard> {
  return read(DashboardReply, await server.ask('GET', `/v1/affiliate/dashboard${query}`, { token }))
}

/** What system A says that a partner has earned. */
export async function statsOf(server: TestServer, { secret }: Keys, partner: { id: string }) {
  return read(PartnerWithStats, await server.ask('GET', `/api/v1/partners/${partner.id}`, { key: secret })).stats
}

/** Every row of every table, to see that nothing has changed. */
export async function everything(server: TestServer) {
  const { db } = server.desk().database
  const tables = await db.withoutPlugins().introspection.getTables()
  const rows: Record<string, string[]> = {}
  for (const { name } of tables) {
    const found = await sql`select * from ${sql.table(name)}`.execute(db)
    rows[name] = found.rows.map(row => JSON.stringify(row)).sort()
  }
  return rows
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** Lets time pass. */
export function pass(server: TestServer, ms: number) {
  server.clock.now = new Date(server.clock.now.getTime() + ms)
}

/** What is on record of clicks. */
export const clicksOf = (server: TestServer) =>
  server.desk().database.db.selectFrom('clicks').selectAll().orderBy('at').orderBy('id').execute()
