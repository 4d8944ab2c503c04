import { describe, expect, test, vi } from 'vitest'
import { Mislata, MislataError, type Options } from '../../sdk/index.ts'
import { breaksOff, hangsUp, misbehaving, refusal, refuses, says, silence } from './support.ts'

const apply = { email: 'jane@example.com', name: 'Jane' }
const applied = { id: 'apl_1', status: 'pending', message: 'Thank you.' }
const client = (baseUrl: string, options: Partial<Options> = {}) =>
  new Mislata({ apiKey: 'mislata_sk_test', appId: 'prog_1', baseUrl, ...options })

describe('A request that may yet succeed is sent again', () => {
  test.each([
    ['the connection is cut', hangsUp],
    ['the answer breaks off', breaksOff],
    ['408', refuses(408, 'timeout')],
    ['429', refuses(429, 'too_many_requests', { 'retry-after': '0' })],
    ['502 in the words of a proxy', says(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' })],
    ['503', refuses(503, 'unavailable')],
    ['504', says(504, '')],
    ['the first of the same key is still under way', refuses(409, 'idempotency_in_flight')],
  ])('after: %s', async (_, fault) => {
    const server = await misbehaving(fault, says(201, applied))
    expect(await client(server.url).affiliates.apply(apply)).toEqual(applied)
    expect(server.asked).toHaveLength(2)
  })

  test('with the same body and Idempotency-Key; another call has another key', async () => {
    const server = await misbehaving(hangsUp, refuses(503, 'unavailable'), says(201, applied))
    const mislata = client(server.url)
    await mislata.affiliates.apply(apply)
    await mislata.affiliates.apply(apply)
    const keys = server.asked.map(each => each.headers['idempotency-key'])
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]])
    expect(keys[3]).not.toBe(keys[0])
    expect(new Set(server.asked.map(each => each.body))).toEqual(new Set([JSON.stringify(apply)]))
  })

  test('with the key that the caller names', async () => {
    const server = await misbehaving(says(201, applied))
    await client(server.url).affiliates.apply(apply, { idempotencyKey: 'signup-17' })
    expect(server.asked[0]?.headers['idempotency-key']).toBe('signup-17')
  })

  test('no more often than maxRetries says, for the client or for a call', async () => {
    const server = await misbehaving(refuses(503, 'unavailable'))
    const mislata = client(server.url, { maxRetries: 1 })
    expect((await refusal(mislata.affiliates.apply(apply))).code).toBe('unavailable')
    expect(server.asked).toHaveLength(2)
    await refusal(mislata.affiliates.apply(apply, { maxRetries: 0 }))
    expect(server.asked).toHaveLength(3)
  })

  test('not where the server would do it twice: a post of a session may have arrived, unless it says that it was not done', async () => {
    const lost = await misbehaving(hangsUp)
    const partner = (baseUrl: string) => new Mislata({ token: 'jwt', baseUrl }).affiliates
    await silence(partner(lost.url).apiKeys.create({ name: 'Reports' }))
    await refusal(partner((await misbehaving(refuses(504, 'timeout'))).url).apiKeys.create({ name: 'Reports' }))
    expect(lost.asked).toHaveLength(1)
    const busy = await misbehaving(refuses(503, 'unavailable'), says(201, { id: 'key_1' }))
    await partner(busy.url).apiKeys.create({ name: 'Reports' })
    expect(busy.asked).toHaveLength(2)
  })

  test('not before Retry-After', async () => {
    const server = await misbehaving(refuses(429, 'too_many_requests', { 'retry-after': '1' }), says(201, applied))
    const began = performance.now()
    await client(server.url).affiliates.apply(apply)
    expect(performance.now() - began).toBeGreaterThan(990)
  })

  test('not at all where Retry-After asks for more than a minute', async () => {
    const later = new Date(Date.now() + 3_600_000).toUTCString()
    const server = await misbehaving(refuses(429, 'too_many_requests', { 'retry-after': later }))
    const { retryAfter } = await refusal(client(server.url).affiliates.apply(apply))
    expect(retryAfter).toBeGreaterThan(3_500)
    expect(server.asked).toHaveLength(1)
  })

  test.each([400, 401, 403, 404, 409, 422, 500])('not at all after %i', async status => {
    const server = await misbehaving(refuses(status, 'no'))
    expect((await refusal(client(server.url).affiliates.apply(apply))).status).toBe(status)
    expect(server.asked).toHaveLength(1)
  })
})

describe('What is thrown', () => {
  test('says all that the server says', async () => {
    const problem = {
      type: '/docs/problems#invalid',
      title: 'Some fields cannot be taken',
      status: 422,
      detail: 'See errors.',
      code: 'invalid',
      errors: [{ path: 'email', message: 'That is not an e-mail address.' }],
    }
    const server = await misbehaving(
      says(422, problem, { 'content-type': 'application/problem+json', 'x-request-id': 'req-1', 'retry-after': '7' }),
    )
    const error = await refusal(client(server.url).affiliates.apply(apply))
    const { type: _, ...said } = problem
    expect(error).toMatchObject({ name: 'MislataError', ...said, requestId: 'req-1', retryAfter: 7 })
    expect(error.message).toBe('Some fields cannot be taken. email: That is not an e-mail address. (422 invalid)')
  })

  test('says the status where somebody else answers for the server', async () => {
    const server = await misbehaving(says(502, '<h1>Bad gateway</h1>'))
    const error = await refusal(client(server.url, { maxRetries: 0 }).affiliates.apply(apply))
    expect([error.status, error.code, error.errors]).toEqual([502, 'http_502', []])
  })

  test('says that nobody is there', async () => {
    const error = await silence(client('http://127.0.0.1:1', { maxRetries: 0 }).affiliates.apply(apply))
    expect([error.reason, error.message]).toEqual(['network', 'http://127.0.0.1:1/v1/affiliate/apply could not be reached.'])
    expect(error.cause).toBeInstanceOf(Error)
  })

  test.each([
    ['to begin the answer', () => {}],
    ['to end it', (reply: any) => reply.writeHead(200).write('{')],
  ])('says that it took too long %s', async (_, answer) => {
    const server = await misbehaving(answer)
    const error = await silence(client(server.url, { maxRetries: 0, timeoutMs: 50 }).affiliates.apply(apply))
    expect(error.reason).toBe('timeout')
  })

  test.each([
    ['a page', says(200, '<h1>Welcome</h1>', { 'content-type': 'text/html' })],
    ['a redirect', says(302, '', { location: 'http://127.0.0.1:1/elsewhere' })],
  ])('says that %s is not the server’s answer, and no key is sent on', async (_, answer) => {
    const server = await misbehaving(answer)
    expect((await silence(client(server.url).affiliates.apply(apply))).reason).toBe('not_the_server')
    expect(server.asked).toHaveLength(1)
  })

  test('is the reason of the caller’s own signal, during a request and during a pause', async () => {
    const during = new AbortController()
    const silent = await misbehaving(() => during.abort(new Error('enough')))
    await expect(client(silent.url).affiliates.apply(apply, { signal: during.signal })).rejects.toThrow('enough')

    const pausing = new AbortController()
    const busy = await misbehaving(reply => {
      refuses(503, 'unavailable', { 'retry-after': '50' })(reply, {} as never)
      reply.on('close', () => setImmediate(() => pausing.abort(new Error('enough'))))
    })
    await expect(client(busy.url).affiliates.apply(apply, { signal: pausing.signal })).rejects.toThrow('enough')
    expect(busy.asked).toHaveLength(1)
  })
})

describe('The credential', () => {
  const sentBy = async (options: Options, call: (mislata: Mislata) => Promise<unknown>) => {
    const server = await misbehaving(says(200, {}))
    await call(new Mislata({ baseUrl: server.url, appId: 'prog_1', ...options }))
    const { 'x-api-key': key, authorization } = server.asked[0]?.headers ?? {}
    return key ?? authorization
  }
  const both = { apiKey: 'mislata_sk_1', token: 'jwt' }

  test.each<[string, string, Options, (mislata: Mislata) => Promise<unknown>]>([
    ['a secret key', 'mislata_sk_1', { apiKey: 'mislata_sk_1' }, m => m.affiliates.get('c1')],
    ['a publishable key', 'mislata_pk_1', { apiKey: 'mislata_pk_1' }, m => m.affiliates.apply(apply)],
    ['a partner key, as documented', 'Bearer mislata_pa_1', { apiKey: 'mislata_pa_1' }, m => m.partner.referrals()],
    ['a session', 'Bearer jwt', { token: 'jwt' }, m => m.affiliates.getDashboard()],
    ['of two the key, where only a key may', 'mislata_sk_1', both, m => m.affiliates.get('c1')],
    ['of two the token, where only a session may', 'Bearer jwt', both, m => m.affiliates.getDashboard()],
    ['of two the key, where either may', 'mislata_sk_1', both, m => m.affiliates.listApplications()],
    [
      'of two the token, where a publishable key may not',
      'Bearer jwt',
      { apiKey: 'mislata_pk_1', token: 'jwt' },
      m => m.affiliates.listApplications(),
    ],
    ['what there is, where it will not do', 'mislata_sk_1', { apiKey: 'mislata_sk_1' }, m => m.affiliates.getDashboard()],
  ])('is %s', async (_, sent, options, call) => {
    expect(await sentBy(options, call)).toBe(sent)
  })

  test('is asked for once, and again when it has run out', async () => {
    const server = await misbehaving(says(200, {}), says(200, {}), refuses(401, 'bad_credential'), says(200, {}))
    let tokens = 0
    const getToken = vi.fn(async () => `jwt${++tokens}`)
    const mislata = new Mislata({ baseUrl: server.url, getToken, maxRetries: 0 })
    await Promise.all([mislata.affiliates.me(), mislata.affiliates.me()])
    await mislata.affiliates.me()
    expect(server.asked.map(each => each.headers.authorization)).toEqual([
      'Bearer jwt1',
      'Bearer jwt1',
      'Bearer jwt1',
      'Bearer jwt2',
    ])
    expect(getToken).toHaveBeenCalledTimes(2)
  })

  test('that ran out under several calls at once is asked for once more', async () => {
    const server = await misbehaving((reply, { headers }) =>
      (headers.authorization === 'Bearer jwt1' ? refuses(401, 'bad_credential') : says(200, {}))(reply, {} as never),
    )
    let tokens = 0
    const mislata = new Mislata({ baseUrl: server.url, getToken: () => `jwt${++tokens}` })
    await Promise.all([mislata.affiliates.me(), mislata.affiliates.me(), mislata.affiliates.me()])
    expect([tokens, server.asked.length]).toEqual([2, 6])
  })

  test('that is refused anew as well is refused', async () => {
    const server = await misbehaving(refuses(401, 'bad_credential'))
    const error = await refusal(new Mislata({ baseUrl: server.url, getToken: () => 'jwt' }).affiliates.me())
    expect([error.code, server.asked.length]).toEqual(['bad_credential', 2])
  })

  test('that cannot be had is asked for again by the next call', async () => {
    const server = await misbehaving(says(200, {}))
    const getToken = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue('jwt')
    const mislata = new Mislata({ baseUrl: server.url, getToken })
    await expect(mislata.affiliates.me()).rejects.toThrow('offline')
    await mislata.affiliates.me()
    expect(server.asked).toHaveLength(1)
  })
})

describe('A client is not made', () => {
  test('without a credential, or with an address that is none', () => {
    expect(() => new Mislata({})).toThrow('needs a credential')
    expect(() => client('partners.example.com')).toThrow('baseUrl must be a web address')
  })

  test.each(['mislata_sk_1', 'mislata_pa_1', 'something'])('on a page with a key that is not publishable: %s', apiKey => {
    vi.stubGlobal('document', {})
    try {
      expect(() => new Mislata({ apiKey })).toThrow('must not be on a page')
      expect(() => new Mislata({ apiKey: 'mislata_pk_1' })).not.toThrow()
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('An address', () => {
  test.each([
    ['https://acme.com/partners/', 'https://acme.com/partners/v1/affiliate/by-customer/c1', 'c1'],
    ['https://acme.com', 'https://acme.com/v1/affiliate/by-customer/a%2Fb%3F%23%25', 'a/b?#%'],
    [undefined, 'http://127.0.0.1:8787/v1/affiliate/by-customer/c1', 'c1'],
  ])('below %s is %s', async (baseUrl, url, customer) => {
    const fetch = vi.fn(async () => new Response('{"enrolled":false}'))
    await new Mislata({ apiKey: 'mislata_sk_1', baseUrl, fetch }).affiliates.get(customer)
    expect(fetch).toHaveBeenCalledWith(url, expect.objectContaining({ method: 'GET', redirect: 'manual' }))
  })

  test('has its query, without what is not said', async () => {
    const server = await misbehaving(says(200, { data: [] }))
    await client(server.url).partners.list({ status: 'active', search: 'a&b', page: 2, per_page: undefined })
    expect(server.asked[0]?.path).toBe('/api/v1/partners?status=active&search=a%26b&page=2')
  })

  test.each(['', '.', '..'])('is not made of "%s" in place of an id', id => {
    expect(() => client('https://acme.com').affiliates.get(id)).toThrow('An id is needed')
  })

  test('of a program needs the program', () => {
    const mislata = new Mislata({ apiKey: 'mislata_sk_1' })
    expect(() => mislata.affiliates.listApplications()).toThrow('give appId')
  })
})

test('MislataError is told from others by its class and name', () => {
  const error = new MislataError({
    status: 404,
    code: 'not_found',
    title: 'There is nothing here',
    detail: 'Check the address.',
    errors: [],
    requestId: undefined,
    retryAfter: undefined,
  })
  expect(String(error)).toBe('MislataError: There is nothing here. Check the address. (404 not_found)')
})
