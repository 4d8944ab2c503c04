import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionOf } from '../support/acts.ts'
import { launch } from '../support/browser.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { buildSdk } from './built.ts'

let server: TestServer
let site: { origin: string; close(): unknown }
let acme: TestProgram
let session: string
let built: Awaited<ReturnType<typeof buildSdk>>
beforeAll(async () => {
  built = await buildSdk()
  ;[server, site] = await Promise.all([testServer(), hostSite()])
  acme = await newProgram(server, { allowedOrigins: [site.origin] })
  await newPartner(server, acme, { slug: 'JANE20', email: 'jane@example.com' })
  session = await sessionOf(server, acme, { customerId: 'jane', email: 'jane@example.com' })
})
afterAll(async () => {
  site.close()
  await server.stop()
})

const PAGE = '<!doctype html><title>Acme</title><script type="module">import * as sdk from "/sdk.js"; window.sdk = sdk</script>'

/** A host's site, which serves the SDK to its own pages. */
async function hostSite() {
  const http = createServer((request, reply) => {
    const isScript = request.url === '/sdk.js'
    reply.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    reply.end(isScript ? built.module : PAGE)
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => http.close() }
}

describe('The built SDK', () => {
  test('is one module that imports nothing and loads in a moment', () => {
    expect(built.files).toEqual(['index.js'])
    expect(built.module).not.toMatch(/^\s*import\b(?!:)|\bimport\s*\(/m)
    expect(gzipSync(built.module).length).toBeLessThan(8_200)
  })

  test('runs where there is nothing of Node: an edge runtime', async () => {
    const platform = { fetch, URLSearchParams, Headers, AbortController, AbortSignal, TextEncoder, TextDecoder }
    const edge = createContext({ ...platform, crypto, atob, setTimeout, clearTimeout })
    runInContext(built.module.replace(/^export \{(.*?)\};?\s*$/ms, 'globalThis.sdk = {$1}'), edge)
    expect(runInContext('[typeof process, typeof Buffer, typeof window, typeof require]', edge)).toEqual(
      Array(4).fill('undefined'),
    )
    const secret = `whsec_${Buffer.from('a key of thirty-two bytes, is it').toString('base64')}`
    const at = new Date()
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('evt_1', at, '{"event":"referral.created"}'),
    }
    Object.assign(edge, { options: { apiKey: acme.secret, appId: acme.program.id, baseUrl: server.url() }, headers, secret })
    const seen = await runInContext(
      `(async () => {
        const mislata = new sdk.Mislata(options)
        const { status } = await mislata.affiliates.apply({ email: 'edge@example.com', name: 'Edge' })
        const again = await mislata.affiliates.apply({ email: 'edge@example.com', name: 'Edge' }).catch(error => error)
        const { total } = await mislata.affiliates.listApplications()
        const { event } = await sdk.verifyWebhook({ payload: '{"event":"referral.created"}', headers: new Headers(headers), secret })
        return [status, again instanceof sdk.MislataError, again.code, total, event]
      })()`,
      edge,
    )
    expect([...seen]).toEqual(['pending', true, 'already_applied', 1, 'referral.created'])
  })

  test('runs in a browser, with a publishable key and a session; there a secret key is not taken', async () => {
    await using browser = await launch()
    const page = await browser.newPage()
    await page.goto(site.origin)
    const seen = await page.evaluate(
      async ({ baseUrl, publishable, secret, session }) => {
        const { Mislata, MislataError } = (globalThis as any).sdk
        const guest = new Mislata({ apiKey: publishable, baseUrl })
        const applied = await guest.affiliates.apply({ email: 'page@example.com', name: 'Page' })
        const state = await guest.affiliates.getApplicationStatus({ applicationToken: applied.applicationToken })
        const { clickId } = await guest.affiliates.trackReferral('JANE20', 'https://acme.example/?ref=JANE20')
        const refused = await guest.affiliates.get('jane').catch((error: unknown) => error)
        const jane = new Mislata({ apiKey: publishable, getToken: async () => session, baseUrl })
        const { affiliate } = await jane.affiliates.getDashboard()
        let thrown = ''
        try {
          new Mislata({ apiKey: secret, baseUrl })
        } catch (error) {
          thrown = String(error)
        }
        return {
          applied: applied.status,
          state: state.status,
          clickId,
          refused: [refused instanceof MislataError, refused.code, refused.requestId],
          code: affiliate.code,
          thrown,
        }
      },
      { baseUrl: server.url(), publishable: acme.publishable, secret: acme.secret, session },
    )
    expect(seen).toEqual({
      applied: 'pending',
      state: 'pending',
      clickId: expect.stringMatching(/^clk_/),
      refused: [true, 'wrong_credential', expect.any(String)],
      code: 'JANE20',
      thrown: expect.stringContaining('must not be on a page'),
    })
  })
})
