import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from '../support/browser.ts'
import { admin, client, installation } from './support.ts'

let mislata: Awaited<ReturnType<typeof installation>>
let browser: Browser
let site: Server
let siteUrl = ''
const askedForLogo: string[] = []
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="84" height="28"><rect width="84" height="28" rx="6" fill="#7c3aed"/></svg>'

beforeAll(async () => {
  site = createServer((request, reply) => {
    if (request.url !== '/logo.svg') return reply.setHeader('content-type', 'text/html').end('<title>Kilnhouse</title>')
    askedForLogo.push(request.headers.referer ?? '')
    reply.setHeader('content-type', 'image/svg+xml').end(logo)
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  browser = await launch()
  mislata = await installation('sqlite')
  await mislata.start()
})
afterAll(async () => {
  await browser?.close()
  await mislata?.remove()
  site?.close()
})

/** A partner who has earned 119.60, and its way to new links. */
async function jane() {
  const ask = client(mislata.url)
  const { token } = await ask('POST', '/v1/auth/login', { body: admin })
  const authorization = `Bearer ${token}`
  const brand = { accent: '#7c3aed', logoUrl: `${siteUrl}/logo.svg` }
  const body = { name: 'Kilnhouse', siteUrl, currency: 'EUR', brand }
  const program = await ask('POST', '/v1/apps', { authorization, body })
  const keyBody = { type: 'secret', name: 'Backend' }
  const { key } = await ask('POST', `/v1/apps/${program.id}/api-keys`, { authorization, body: keyBody })
  const secret = (method: string, path: string, body: unknown) => ask(method, path, { 'x-api-key': key, body })
  const partner = await secret('POST', '/api/v1/partners', { email: 'jane@example.com', slug: 'JANE20', first_name: 'Jane' })
  const session = await secret('POST', '/v1/sessions', { customerId: 'jane', email: 'jane@example.com' })
  await secret('POST', '/v1/referrals', { customerId: 'ruth', code: 'JANE20' })
  await secret('POST', '/v1/conversions', { externalId: 'in_1', customerId: 'ruth', amount: 59_800, currency: 'EUR' })
  return {
    async link() {
      const { url } = await ask('GET', '/v1/affiliate/portal-link', { authorization: `Bearer ${session.token}` })
      return url as string
    },
    deactivate: () => secret('DELETE', `/api/v1/partners/${partner.id}`, undefined),
  }
}

test('a partner opens the portal by its link, comes back, signs out, and leaves nothing behind', async () => {
  const partner = await jane()
  const context = await browser.newContext()
  const page = await context.newPage()
  const faults: string[] = []
  page.on(
    'console',
    message => message.type() === 'error' && !message.text().includes('410 (Gone)') && faults.push(message.text()),
  )
  page.on('pageerror', error => faults.push(String(error)))

  // The door asks nobody else for anything, and is opened by one press.
  const link = await partner.link()
  await page.goto(link)
  expect(askedForLogo).toEqual([])
  await page.getByRole('button', { name: 'Open the portal' }).dblclick()
  await page.waitForURL(`${mislata.url}/portal`)
  expect(await page.getByLabel('Your link').inputValue()).toBe(`${siteUrl}/?ref=JANE20`)
  await page.getByText('€119.60').first().waitFor()
  expect(askedForLogo).toEqual([''])

  // Nothing that a script could read lets anybody in.
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ name: 'mislata_portal', httpOnly: true, sameSite: 'Lax', path: '/' })
  const readable = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href]),
  )
  expect(readable).not.toContain(cookie?.value)
  expect(readable).not.toContain(link.split('/').at(-1))

  await page.reload()
  await page.getByText('€119.60').first().waitFor()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  expect(await context.cookies()).toEqual([])
  await page.goBack()
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  expect(await page.content()).not.toContain('119.60')
  expect(await page.locator('mislata-dashboard').count()).toBe(0)
  await page.goto(link)
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
  expect(faults).toEqual([])

  // An open portal closes when its partner is deactivated.
  await page.goto(await partner.link())
  await page.getByRole('button', { name: 'Open the portal' }).click()
  await page.getByText('€119.60').first().waitFor()
  await partner.deactivate()
  await page.reload()
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  await context.close()
})

test('no page can hold the portal in a frame, or press its buttons', async () => {
  const partner = await jane()
  const context = await browser.newContext()
  const page = await context.newPage()
  const link = await partner.link()
  await page.goto(link)
  await page.getByRole('button', { name: 'Open the portal' }).click()
  await page.getByText('€119.60').first().waitFor()

  const elsewhere = await context.newPage()
  await elsewhere.goto(siteUrl)
  const second = await partner.link()
  const statuses = await elsewhere.evaluate(
    async paths => {
      const replies = paths.map(path =>
        fetch(path, { method: 'POST', mode: 'no-cors', credentials: 'include' }).then(reply => reply.type),
      )
      return Promise.all(replies)
    },
    [second, `${mislata.url}/portal/sign-out`, `${mislata.url}/portal/session`],
  )
  expect(statuses).toEqual(['opaque', 'opaque', 'opaque'])
  await elsewhere.setContent(`<iframe src="${mislata.url}/portal"></iframe>`)
  await expect.poll(() => elsewhere.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')

  // The session is still there, and so is the second link.
  await page.reload()
  await page.getByText('€119.60').first().waitFor()
  await page.goto(second)
  await page.getByRole('button', { name: 'Open the portal' }).waitFor()
  await context.close()
})
