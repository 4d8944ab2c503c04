import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dashboard } from '../../server/contract/affiliate.ts'
import { AffiliateCodeList, MadePartnerCode, PartnerCode } from '../../server/contract/partner-api.ts'
import { sessionOf } from '../support/acts.ts'
import { type House, house } from '../support/house.ts'
import { answered, refused } from '../support/replies.ts'
import { type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let own: House
beforeAll(async () => {
  server = await testServer()
  own = await house(server)
})
afterAll(() => server.stop())

const PATH = '/v1/affiliate/codes'
const make = async (label: string) =>
  answered(await server.ask('POST', PATH, { token: own.session, body: { label } }), 201, MadePartnerCode)
const list = async () => answered(await server.ask('GET', PATH, { token: own.session }), 200, AffiliateCodeList)

describe('A code that a partner makes with its session', () => {
  test('is a link at once, in the list and on the dashboard', async () => {
    const made = await make('Summer fair')
    expect(made.code).toMatch(/^ref_summer_fair_\w{3,}$/)
    expect(made.url).toContain(`?ref=${made.code}`)
    expect((await list()).data.find(each => each.code === made.code)).toMatchObject({
      ...made,
      label: 'Summer fair',
      retiredAt: null,
    })
    const { codes } = answered(await server.ask('GET', '/v1/affiliate/dashboard', { token: own.session }), 200, Dashboard)
    expect(codes.map(each => each.code)).toEqual([own.slug, made.code])
  })

  test('leaves the dashboard when it is retired, once for good, and stays in the list', async () => {
    const { code } = await make('Autumn')
    const retire = () => server.ask('DELETE', `${PATH}/${code}`, { token: own.session })
    const first = answered(await retire(), 200, PartnerCode)
    expect(first.retiredAt).not.toBeNull()
    expect(answered(await retire(), 200, PartnerCode)).toEqual(first)
    const { codes } = answered(await server.ask('GET', '/v1/affiliate/dashboard', { token: own.session }), 200, Dashboard)
    expect(codes.map(each => each.code)).not.toContain(code)
    expect((await list()).data.find(each => each.code === code)?.retiredAt).toBe(first.retiredAt)
  })

  test('is one of a hundred at most, as those that its keys make', async () => {
    const { data } = await list()
    for (let inUse = data.filter(each => !each.retiredAt).length; inUse < 100; inUse++) await make('many')
    refused(await server.ask('POST', PATH, { token: own.session, body: { label: 'more' } }), 409, 'too_many_codes')
  })
})

test('The code that the partner goes by, another’s and one that is not there are not retired', async () => {
  const other = await house(server)
  refused(await server.ask('DELETE', `${PATH}/${own.slug}`, { token: own.session }), 409, 'code_is_first')
  refused(await server.ask('DELETE', `${PATH}/${other.slug}-x`, { token: own.session }), 404, 'code_not_found')
  refused(await server.ask('DELETE', `${PATH}/ref_nobody`, { token: own.session }), 404, 'code_not_found')
})

test('Whoever is no partner has no codes to make', async () => {
  const token = await sessionOf(server, own, { customerId: 'visitor', email: 'visitor@example.com' })
  refused(await server.ask('POST', PATH, { token, body: { label: 'x' } }), 404, 'not_a_partner')
  refused(await server.ask('GET', PATH, { token }), 404, 'not_a_partner')
})

test('A label is one line that says something', async () => {
  for (const label of ['', '   ', 'x'.repeat(121), 7, null])
    refused(await server.ask('POST', PATH, { token: own.session, body: { label } }), 422, 'invalid')
})

describe('The picture of a link', () => {
  const picture = (query: string) => server.ask('GET', `/referrals/qr.svg${query}`, { token: own.session })

  test('is an SVG document that is the same each time, for any code of the right form', async () => {
    const one = await picture('?code=ADA-7KXQ')
    expect(one.status).toBe(200)
    expect(one.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(one.headers.get('content-disposition')).toBe('attachment; filename="ADA-7KXQ.svg"')
    expect(one.text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1".*<path d="M4 4h7/)
    expect((await picture('?code=ADA-7KXQ')).text).toBe(one.text)
    expect((await picture('?code=ADA-7KXR')).text).not.toBe(one.text)
  })

  test.each(['', '?code=', '?code=%3Cscript%3E', '?code=a%22b', `?code=${'a'.repeat(65)}`])('is refused for %s', async query => {
    refused(await picture(query), 422, 'invalid')
  })

  test('is not drawn where the site’s own address is too long to be scanned', async () => {
    const { program, token } = own
    const siteUrl = `https://acme.example/${'a'.repeat(1_200)}`
    expect((await server.ask('PATCH', `/v1/apps/${program.id}`, { token, body: { siteUrl } })).status).toBe(200)
    refused(await picture('?code=ADA-7KXQ'), 422, 'invalid')
  })
})
