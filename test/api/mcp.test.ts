import { Client, StreamableHTTPClientTransport, type VersionNegotiationMode } from '@modelcontextprotocol/client'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ReferralDetail, ReferralRows } from '../../server/contract/rewards.ts'
import { refer, sessionOf } from '../support/acts.ts'
import { documented } from '../support/openapi.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let other: TestProgram
beforeAll(async () => {
  server = await testServer()
  const rewards = { enabled: true, referrerCredits: 10, review: 'all', qualifyOn: 'signup' }
  acme = await newProgram(server, { rewards })
  other = await newProgram(server, { name: 'Other', rewards })
})
afterAll(() => server.stop())

/** An assistant that has connected with a credential. */
async function assistant(credential: { key?: string; token?: string }, mode: VersionNegotiationMode = { pin: '2026-07-28' }) {
  const headers: Record<string, string> = credential.key
    ? { 'x-api-key': credential.key }
    : { authorization: `Bearer ${credential.token}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${server.url()}/mcp`), { requestInit: { headers } })
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return {
    client,
    tools: async () => (await client.listTools()).tools,
    /** What a tool answers, once both forms of it are found to say the same. */
    async call(name: string, args: Record<string, unknown> = {}) {
      const { content, structuredContent, isError = false } = await client.callTool({ name, arguments: args })
      const [{ text = '' } = {}] = content as { type: string; text?: string }[]
      expect(JSON.parse(text)).toEqual(structuredContent)
      return { isError, said: structuredContent as Record<string, any> }
    },
  }
}

/** A referral that is held for review. */
let friends = 0
async function held(program: TestProgram) {
  const referrer = await sessionOf(server, program, { customerId: 'referrer', email: 'referrer@example.com' })
  const { code } = (await server.ask('GET', '/referrals/me', { token: referrer })).body
  return refer(server, program, { customerId: `friend-${++friends}`, code })
}

describe('The tools', () => {
  test('are all of the referral system, and what can be read of the rest', async () => {
    const secret = await (await assistant({ key: acme.secret })).tools()
    const admin = await (await assistant({ token: acme.token })).tools()
    const referralSystem = [
      'record_click',
      'get_my_referrals',
      'list_my_referral_events',
      'list_referrals',
      'get_referral',
      'get_referral_stats',
      'approve_referral',
      'reject_referral',
      'recover_grants',
    ]
    const names = (tools: { name: string }[]) => tools.map(each => each.name)
    expect(names(secret)).toEqual(expect.arrayContaining(referralSystem))
    expect(names(admin)).toEqual(expect.arrayContaining(referralSystem))
    expect(names(secret)).toEqual(
      expect.arrayContaining(['list_partners', 'get_partner', 'list_applications', 'list_commissions']),
    )
    expect(names(admin)).toEqual(expect.arrayContaining(['list_programs', 'get_stats', 'list_audit_entries', 'list_partners']))
    expect(names(secret)).not.toContain('list_programs')

    const reads = [...(await documented(server)).keys()].filter(name => name.startsWith('GET /v1/apps'))
    const left = ['GET /v1/apps/{appId}/export', 'GET /v1/apps/{appId}/grant-secret']
    expect(names(admin).length).toBeGreaterThanOrEqual(reads.length - left.length)
    const writing = [...secret, ...admin].filter(each => !each.annotations?.readOnlyHint).map(each => each.name)
    expect(new Set(writing)).toEqual(
      new Set(['record_click', 'get_my_referrals', 'approve_referral', 'reject_referral', 'recover_grants']),
    )
    expect(names([...secret, ...admin]).filter(name => /secret|export|key_/.test(name))).toEqual([])
  })

  test('say what they take, and no secret key has to say which program', async () => {
    const find = (tools: any[], name: string) => tools.find(each => each.name === name)
    const secret = await (await assistant({ key: acme.secret })).tools()
    const admin = await (await assistant({ token: acme.token })).tools()
    for (const tool of [...secret, ...admin]) {
      expect(tool.name).toMatch(/^[a-z_]{3,64}$/)
      expect(
        [tool.title, tool.description].every(text => (text?.length ?? 0) > 5),
        tool.name,
      ).toBe(true)
      expect(JSON.stringify(tool.inputSchema)).not.toContain('$ref')
      const { properties = {}, required = [] } = tool.inputSchema
      expect(required.filter(name => !(name in properties))).toEqual([])
    }
    const { inputSchema } = find(secret, 'list_referrals')
    const asked = ['user_id', 'status', 'campaign', 'pending_grant', 'search', 'page', 'limit']
    expect(Object.keys(inputSchema.properties)).toEqual(asked)
    expect(inputSchema.properties.limit).toMatchObject({ type: 'integer', default: 20 })
    expect(inputSchema.properties.status.enum).toContain('review')
    expect(find(secret, 'list_commissions').inputSchema.properties.appId).toBeUndefined()
    expect(find(admin, 'list_commissions').inputSchema.required).toEqual(['appId'])
    expect(find(admin, 'reject_referral').annotations).toMatchObject({ destructiveHint: true, readOnlyHint: false })
    expect(find(admin, 'approve_referral').annotations).toMatchObject({ destructiveHint: false, idempotentHint: true })
  })
})

describe('A call', () => {
  test('reads', async () => {
    const { id } = await newPartner(server, acme, { slug: 'MCP1', email: 'mcp1@example.com' })
    const { call } = await assistant({ key: acme.secret })
    expect((await call('get_partner', { id })).said.email).toBe('mcp1@example.com')
    const { said } = await call('list_partners', { search: 'mcp1@', per_page: 1 })
    expect([said.total, said.per_page, said.data[0].id]).toEqual([1, 1, id])
    expect((await call('list_commissions', { partnerId: id })).said.data).toEqual([])
  })

  test('reviews: approve, reject, recover', async () => {
    const { call } = await assistant({ key: acme.secret })
    const [good, bad] = [await held(acme), await held(acme)]
    const { said } = await call('list_referrals', { status: 'review', limit: 50 })
    expect(v.parse(ReferralRows, said).data.map(each => each.id)).toEqual(expect.arrayContaining([good.id, bad.id]))

    expect((await call('approve_referral', { id: good.id })).isError).toBe(false)
    const { said: rejected } = await call('reject_referral', { id: bad.id, reason: 'The same person' })
    expect([rejected.status, rejected.rejectReason]).toEqual(['rejected', 'The same person'])
    expect((await call('recover_grants')).said).toHaveProperty('attempted')
    expect(v.parse(ReferralDetail, (await call('get_referral', { id: good.id })).said).status).toBe('rewarded')
    expect((await call('get_referral_stats', { from: '2026-03-01', to: '2026-03-31' })).said.rejected).toBeGreaterThan(0)
  })

  test('looks at the programme as a customer sees it', async () => {
    await held(acme)
    const { call } = await assistant({ key: acme.secret })
    expect((await call('get_my_referrals', { customerId: 'referrer' })).said.stats.signups).toBeGreaterThan(0)
    expect((await call('list_my_referral_events', { customerId: 'referrer', limit: 1 })).said.data).toHaveLength(1)
    const admin = await assistant({ token: acme.token })
    const asAdmin = await admin.call('get_my_referrals', { customerId: 'referrer', appId: acme.program.id })
    expect(asAdmin.said.code).toMatch(/./)
    expect((await call('get_my_referrals', { customerId: 'nobody' })).said.code).toBe('customer_not_found')
    expect((await admin.call('get_my_referrals', { customerId: 'referrer' })).said.errors[0].path).toBe('appId')
  })

  test('tells of a click', async () => {
    const { call } = await assistant({ key: acme.secret })
    const { said } = await call('record_click', { code: 'MCP1', key: acme.publishable, url: 'https://acme.example/?ref=MCP1' })
    expect(said.clickId).toMatch(/^clk_/)
  })

  test('that is refused says why, as the route does', async () => {
    const { call, client } = await assistant({ key: acme.secret })
    const refusal = async (name: string, args: Record<string, unknown>) => {
      const { isError, said } = await call(name, args)
      expect(isError).toBe(true)
      return [said.status, said.code, ...(said.errors ?? []).map((each: any) => each.path)]
    }
    expect(await refusal('get_partner', { id: 'par_1' })).toEqual([404, 'partner_not_found'])
    expect(await refusal('get_partner', {})).toEqual([422, 'invalid', 'id'])
    expect(await refusal('get_partner', { id: '..' })).toEqual([422, 'invalid', 'id'])
    expect(await refusal('get_partner', { id: { a: 1 } })).toEqual([422, 'invalid', 'id'])
    expect(await refusal('list_partners', { status: 'odd' })).toEqual([422, 'invalid', 'status'])
    expect(await refusal('list_partners', { page: 0 })).toEqual([422, 'invalid', 'page'])
    expect(await refusal('list_partners', { sort: 'name' })).toEqual([422, 'invalid', 'sort'])
    const { id } = await held(acme)
    await call('reject_referral', { id })
    expect(await refusal('approve_referral', { id })).toEqual([409, 'referral_not_in_review'])
    await expect(client.callTool({ name: 'drop_tables', arguments: {} })).rejects.toThrow('There is no tool called drop_tables')
  })
})

describe('The walls', () => {
  test('a key sees its own program alone', async () => {
    const theirs = await held(other)
    const { id: partner } = await newPartner(server, other, { slug: 'THEIRS' })
    const { call } = await assistant({ key: acme.secret })
    expect((await call('get_referral', { id: theirs.id })).said.code).toBe('referral_not_found')
    expect((await call('approve_referral', { id: theirs.id })).said.code).toBe('referral_not_found')
    expect((await call('get_partner', { id: partner })).said.code).toBe('partner_not_found')
    expect((await call('list_referrals', { limit: 100 })).said.data.map((each: any) => each.id)).not.toContain(theirs.id)
    expect((await call('list_referrals', { appId: other.program.id })).said.errors[0].path).toBe('appId')
  })

  test('an admin names the program', async () => {
    const theirs = await held(other)
    const { call } = await assistant({ token: acme.token })
    const ids = async (appId: string) =>
      (await call('list_referrals', { appId, limit: 100 })).said.data.map((each: any) => each.id)
    expect(await ids(other.program.id)).toContain(theirs.id)
    expect(await ids(acme.program.id)).not.toContain(theirs.id)
    expect((await call('list_commissions', { appId: 'prog_1' })).said.code).toBe('program_not_found')
  })
})

describe('The address', () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
  const post = (asked: Parameters<TestServer['ask']>[2]) => server.ask('POST', '/mcp', { body: list, ...asked })

  test('takes a secret key or an admin, as the rest of the API does', async () => {
    const session = await sessionOf(server, acme, { customerId: 'somebody' })
    refused(await post({}), 401, 'no_credential')
    refused(await post({ key: 'mislata_sk_unknown' }), 401, 'bad_credential')
    refused(await post({ key: acme.publishable }), 403, 'wrong_credential')
    refused(await post({ token: session }), 403, 'wrong_credential')
    expect((await post({ token: acme.secret })).status).toBe(200)
    await expect(assistant({ key: 'mislata_sk_unknown' })).rejects.toThrow()
  })

  test('takes nothing from a page of another site, whatever name it came to the server by', async () => {
    const elsewhere = { origin: 'http://rebound.example', host: 'rebound.example' }
    refused(await post({ token: acme.token, headers: elsewhere }), 403, 'origin_not_allowed')
    refused(await post({ key: acme.secret, headers: elsewhere }), 403, 'secret_key_in_browser')
    expect((await post({ token: acme.token, headers: { origin: server.url() } })).status).toBe(200)
  })

  test('has no streams and no sessions', async () => {
    for (const method of ['GET', 'DELETE']) {
      const reply = await server.ask(method, '/mcp', { key: acme.secret })
      refused(reply, 405, 'method_not_allowed')
      expect(reply.headers.get('allow')).toBe('POST')
    }
    const reply = await post({ key: acme.secret, headers: { accept: 'application/json' } })
    expect([reply.headers.get('content-type'), reply.headers.get('mcp-session-id')]).toEqual(['application/json', null])
    const note = { jsonrpc: '2.0', method: 'notifications/initialized' }
    expect((await post({ key: acme.secret, body: note })).status).toBe(202)
  })

  test('takes one message, no larger than other bodies', async () => {
    refused(await post({ key: acme.secret, body: [list] }), 400, 'malformed_json')
    refused(
      await post({ key: acme.secret, raw: '{', body: undefined, headers: { 'content-type': 'application/json' } }),
      400,
      'malformed_json',
    )
    refused(await post({ key: acme.secret, body: { ...list, params: { text: 'x'.repeat(70_000) } } }), 413, 'too_large')
    const unknown = await post({ key: acme.secret, body: { ...list, method: 'tools/drop' } })
    expect(unknown.body.error.code).toBe(-32601)
  })

  test.each<VersionNegotiationMode>(['legacy', 'auto', { pin: '2026-07-28' }])('is spoken to by a client of %o', async mode => {
    const { call, tools } = await assistant({ key: acme.secret }, mode)
    expect((await tools()).length).toBeGreaterThan(9)
    expect((await call('list_partners')).isError).toBe(false)
    expect((await call('get_partner', { id: 'par_1' })).said.code).toBe('partner_not_found')
  })

  test.each(['2025-03-26', '2025-06-18', '2025-11-25'])('speaks %s', async protocolVersion => {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'old', version: '1' } }
    const { body } = await post({ key: acme.secret, body: { ...list, method: 'initialize', params } })
    expect([body.result.protocolVersion, body.result.serverInfo.name]).toEqual([protocolVersion, 'mislata'])
  })
})
