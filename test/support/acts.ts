import { type Dashboard, Dashboard as DashboardReply } from '../../server/contract/affiliate.ts'
import { type Application, ApplicationList, Reviewed } from '../../server/contract/applications.ts'
import { Token } from '../../server/contract/auth.ts'
import { type Conversion, Conversion as ConversionReply } from '../../server/contract/conversions.ts'
import { MadePartnerKey } from '../../server/contract/partner-api.ts'
import { PartnerWithStats } from '../../server/contract/partners.ts'
import { Program } from '../../server/contract/programs.ts'
import { Clicked, Referral } from '../../server/contract/referrals.ts'
import { answered } from './replies.ts'
import { browser, signIn, type TestProgram, type TestServer } from './server.ts'

type Keys = { secret: string; publishable: string }
type Visit = { code: string; clickId?: string; url?: string; referrer?: string; campaign?: string }

/** A visit through a code; `from` is the visitor's address, for a server that trusts 127.0.0.1 as its proxy. */
export async function click(server: TestServer, { publishable }: Keys, { from, ...visit }: Visit & { from?: string }) {
  const headers = { 'user-agent': browser, ...(from && { 'x-forwarded-for': from }) }
  return answered(await server.ask('POST', '/referrals/click', { key: publishable, headers, body: visit }), 202, Clicked)
}

/** The signup of a customer, who is referred by it. */
export async function refer(server: TestServer, { secret }: Keys, signup: Record<string, unknown> & { customerId: string }) {
  return answered(await server.ask('POST', '/v1/referrals', { key: secret, body: signup }), 201, Referral)
}

type Sale = Record<string, unknown> & { customerId: string; amount: number }

/** A payment; in EUR and under an id of its own where nothing else is said. */
export async function pay(server: TestServer, { secret }: Keys, sale: Sale): Promise<Conversion> {
  const body = { externalId: `pay-${++payments}`, currency: 'EUR', ...sale }
  return answered(await server.ask('POST', '/v1/conversions', { key: secret, body }), 201, ConversionReply)
}

let payments = 0

/** Changes a program's settings. An admin's session may have run out by the clock that tests move, so it is a new one. */
export async function change(server: TestServer, { program }: TestProgram, settings: Record<string, unknown>) {
  const token = await signIn(server)
  return answered(await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: settings }), 200, Program)
}

/** The application that was made with an address. */
export async function applicationOf(server: TestServer, { program, secret }: TestProgram, email: string): Promise<Application> {
  const path = `/v1/apps/${program.id}/affiliates/applications?per_page=100`
  const { data } = answered(await server.ask('GET', path, { key: secret }), 200, ApplicationList)
  const found = data.find(each => each.email === email)
  if (!found) throw new Error(`${email} has not applied`)
  return found
}

type Decision = { action: 'approve'; code?: string } | { action: 'reject'; rejectionReason?: string }

/** The decision on the application that was made with an address. */
export async function decide(server: TestServer, acme: TestProgram, email: string, decision: Decision) {
  const { id } = await applicationOf(server, acme, email)
  const path = `/v1/apps/${acme.program.id}/affiliates/applications/${id}/review`
  return answered(await server.ask('POST', path, { key: acme.secret, body: decision }), 200, Reviewed)
}

/** A token for a customer, as a host's backend would hand it to the widget. */
export async function sessionOf(server: TestServer, { secret }: Keys, customer: { customerId: string; email?: string }) {
  return answered(await server.ask('POST', '/v1/sessions', { key: secret, body: customer }), 201, Token).token
}

/** A new key for the systems of the partner whose session this is. */
export async function partnerKeyOf(server: Pick<TestServer, 'ask'>, token: string, name = 'Reports') {
  const made = await server.ask('POST', '/v1/affiliate/api-keys', { token, body: { name } })
  return answered(made, 201, MadePartnerKey).key
}

export async function dashboard(server: TestServer, token: string, query = ''): Promise<Dashboard> {
  return answered(await server.ask('GET', `/v1/affiliate/dashboard${query}`, { token }), 200, DashboardReply)
}

/** What system A says that a partner has earned. */
export async function statsOf(server: TestServer, { secret }: Keys, partner: { id: string }) {
  return answered(await server.ask('GET', `/api/v1/partners/${partner.id}`, { key: secret }), 200, PartnerWithStats).stats
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
