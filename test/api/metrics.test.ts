import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { click } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import { start as startPostgres } from '../support/postgres.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestServer, testServer } from '../support/server.ts'

async function started(environment: Record<string, string> = {}) {
  const server = await testServer(environment)
  onTestFinished(() => server.stop())
  return server
}

/** All samples by name and labels, as Prometheus would keep them. */
async function scrape(server: TestServer) {
  const reply = await server.ask('GET', '/metrics')
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const samples = new Map<string, number>()
  for (const line of reply.text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] = /^([a-z0-9_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
    expect(name, line).toBeDefined()
    expect(samples.has(name as string), line).toBe(false)
    samples.set(name as string, Number(value))
  }
  return samples
}

test('Requests are counted by route, method and class of status, from the first scrape on', async () => {
  const server = await started()
  const acme = await newProgram(server)
  await scrape(server)
  const jane = await newPartner(server, acme, { slug: 'jane' })
  await server.ask('GET', `/api/v1/partners/${jane.id}`, { key: acme.secret })
  await server.ask('GET', '/api/v1/partners/par_canary', { key: acme.secret })
  await server.ask('GET', '/canary/one')
  await server.ask('GET', '/canary/two?canary=3')
  await server.ask('DELETE', '/v1/affiliate/apply')
  const seen = await scrape(server)
  const requests = (method: string, route: string, status: string) =>
    seen.get(`mislata_http_requests_total{method="${method}",route="${route}",status="${status}"}`)
  expect(requests('POST', '/api/v1/partners', '2xx')).toBe(1)
  expect(requests('GET', '/api/v1/partners/:id', '2xx')).toBe(1)
  expect(requests('GET', '/api/v1/partners/:id', '4xx')).toBe(1)
  expect(seen.get('mislata_http_request_duration_seconds_count{method="GET",route="/api/v1/partners/:id"}')).toBe(2)
  const names = [...seen.keys()]
  expect(names.filter(name => name.includes('canary') || name.includes(jane.id))).toEqual([])
  // What has no route has one label for all of it.
  expect([requests('GET', '/*', '4xx'), requests('DELETE', '/*', '4xx')]).toEqual([2, 1])
})

test('Clicks are counted as they are stored: new ones, repeated ones, and how many go together', async () => {
  const server = await started({ TRUSTED_PROXIES: '127.0.0.1' })
  const acme = await newProgram(server)
  await newPartner(server, acme, { slug: 'jane' })
  await scrape(server)
  for (const from of ['198.51.100.1', '198.51.100.2', '198.51.100.1']) await click(server, acme, { code: 'jane', from })
  const seen = await scrape(server)
  expect(seen.get('mislata_clicks_total{outcome="new"}')).toBe(2)
  expect(seen.get('mislata_clicks_total{outcome="repeated"}')).toBe(1)
  expect(seen.get('mislata_clicks_total{outcome="refused"}')).toBe(0)
  expect(seen.get('mislata_click_batch_size_sum')).toBe(3)
  expect(seen.get('mislata_click_commit_duration_seconds_count')).toBe(3)
  expect(seen.get('mislata_click_queue_length')).toBe(0)
})

test('Mails that wait, the process, the database and the release are there', async () => {
  const server = await started()
  const acme = await newProgram(server)
  const body = { email: 'known@example.com', name: 'Known' }
  expect((await scrape(server)).get('mislata_outbox_waiting{kind="mails"}')).toBe(0)
  for (let time = 0; time < 2; time++) await server.ask('POST', '/v1/affiliate/apply', { key: acme.publishable, body })
  const seen = await scrape(server)
  expect(seen.get('mislata_outbox_waiting{kind="mails"}')).toBe(2)
  expect(seen.get('mislata_outbox_waiting{kind="deliveries"}')).toBe(0)
  expect(seen.get('mislata_database_up')).toBe(1)
  expect(seen.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(seen.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
  const build = [...seen.keys()].find(name => name.startsWith('mislata_build_info'))
  expect(build).toContain(`database="${engine}"`)
  expect(build).toContain(`node="${process.version}"`)
  expect(seen.has('mislata_database_connections{state="open"}')).toBe(engine === 'postgres')
})

test('Two servers in one process count apart', async () => {
  const [one, two] = [await started(), await started()]
  await scrape(one)
  await scrape(two)
  await one.ask('GET', '/v1/apps')
  const asked = 'mislata_http_requests_total{method="GET",route="/v1/apps",status="4xx"}'
  expect([(await scrape(one)).get(asked), (await scrape(two)).get(asked)]).toEqual([1, undefined])
})

test('Jobs are counted, with how they ended', async () => {
  const server = await started()
  await scrape(server)
  const done = 'mislata_job_runs_total{job="grant rewards",outcome="done"}'
  await expect.poll(async () => (await scrape(server)).get(done) ?? 0, { timeout: 20_000 }).toBeGreaterThan(0)
  const seen = await scrape(server)
  expect(seen.get('mislata_job_duration_seconds_count{job="grant rewards"}')).toBe(seen.get(done))
  expect(seen.get('mislata_job_last_success_timestamp_seconds{job="grant rewards"}')).toBeGreaterThan(1e9)
})

const token = 'a-token-for-prometheus'

test('Somebody who is sent on by a proxy is not on this machine: 404, or with a token configured 401', async () => {
  const forwarded: Record<string, string>[] = [
    { 'x-forwarded-for': '198.51.100.1' },
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { via: '1.1 proxy' },
  ]
  for (const trusted of ['', '127.0.0.1']) {
    const bare = await started({ TRUSTED_PROXIES: trusted })
    const guarded = await started({ TRUSTED_PROXIES: trusted, METRICS_TOKEN: token })
    for (const headers of forwarded) {
      refused(await bare.ask('GET', '/metrics', { headers }), 404, 'not_found')
      refused(await bare.ask('GET', '/metrics', { headers, token }), 404, 'not_found')
      refused(await guarded.ask('GET', '/metrics', { headers }), 401, 'no_credential')
      refused(await guarded.ask('GET', '/metrics', { headers, token: `${token}x` }), 401, 'bad_credential')
      expect((await guarded.ask('GET', '/metrics', { headers, token })).status).toBe(200)
    }
  }
})

test('A proxy on this machine that says nothing but the name it is called by lets nobody in', async () => {
  const server = await started()
  const proxy = createServer(async (asked, answer) => {
    const { hostname, port } = new URL(server.url())
    const { request } = await import('node:http')
    request({ hostname, port, path: asked.url, headers: { host: 'partners.example.com' } }, reply => {
      answer.statusCode = reply.statusCode ?? 500
      reply.pipe(answer)
    }).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void proxy.close())
  await new Promise(resolve => proxy.once('listening', resolve))
  const { port } = proxy.address() as { port: number }
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404)
})

if (engine === 'postgres') {
  test('With the database gone the figures are there, and say so', async () => {
    const postgres = await startPostgres()
    const server = await testServer({ DATABASE_URL: postgres.url })
    await scrape(server)
    await postgres.stop()
    const seen = await scrape(server)
    expect(seen.get('mislata_database_up')).toBe(0)
    expect(seen.has('mislata_outbox_waiting{kind="mails"}')).toBe(false)
    await server.stop()
  })
}
