import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everybody, type Role } from '../../demo/companies/company.ts'
import type { SiteName } from '../../demo/host.ts'
import { companies, open, siteNames } from '../../demo/open.ts'
import { manifest } from '../../widget/manifest.ts'
import { launch } from '../support/browser.ts'
import { admin, freePort, installation } from './support.ts'

// What `npm run demo` shows: every element, on three sites that could hardly differ more, to everybody who can sign in.
const PHONE = { width: 360, height: 740 }
const shown = new Set<string>()
let mislata: Awaited<ReturnType<typeof installation>>
let browser: Browser
let demo: Awaited<ReturnType<typeof open>>

beforeAll(async () => {
  const ports = { kilnhouse: await freePort(), hexrack: await freePort(), warraq: await freePort() }
  mislata = await installation('sqlite', { PUBLIC_RATE_LIMIT: '0' })
  const [launched] = await Promise.all([launch(), mislata.start()])
  browser = launched
  demo = await open({ api: mislata.url, admin, ports })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await demo?.close()
  await mislata?.remove()
})

const statuses: Partial<Record<Role, string>> = {
  pending: 'pending',
  rejected: 'rejected',
  former: 'deactivated',
  customer: 'none',
}
const partners: Role[] = ['partner', 'fresh', 'below', 'vast', 'long', 'currencies']

describe.concurrent.each(siteNames)('%s', site => {
  test('shows each its own, fits a phone, and leaves the console empty', async () => {
    const { page, complaints, visit } = await visitor(site)

    await visit('/')
    await visit('/partners')
    for (const [role, status] of Object.entries(statuses)) expect(await visit('/app', role as Role), role).toBe(status)
    for (const role of partners) {
      expect(await visit('/app/partner', role), role).toBe('active')
      await page.getByRole('tab').first().waitFor()
    }
    await visit('/app/refer', 'customer')
    await page.locator('mislata-refer [part~=events] tr').nth(8).waitFor()
    expect(complaints).toEqual([])
  })
})

test('Between them they show every element', () => {
  const all = manifest('').modules.flatMap(module => module.declarations.map(one => one.tagName))
  expect([...shown].sort()).toEqual(all.sort())
})

/** Somebody with a phone. `visit` resolves to what the widget says of where they stand, once it has something to show. */
async function visitor(site: SiteName) {
  const { url } = demo.sites[site]
  const people = everybody(companies[site])
  const context = await browser.newContext({ viewport: PHONE })
  const complaints: string[] = []
  let signedIn: Role | undefined
  await context.addInitScript(() => {
    const tell = (name: string, value: string) => document.documentElement.setAttribute(name, value)
    document.addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective, event.blockedURI))
    document.addEventListener('mislata:ready', () => tell('data-ready', ''))
    document.addEventListener('mislata:status', event => tell('data-status', event.detail.status))
  })
  const page = await context.newPage()
  page.on('console', message => {
    // The server answers a deactivated partner so, and the browser tells of every such answer.
    const isShutOut = signedIn === 'former' && message.text().includes('status of 403')
    if (message.type() === 'error' && !isShutOut) complaints.push(`${page.url()} as ${signedIn}: ${message.text()}`)
  })
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error}`))
  return { page, complaints, visit }

  async function visit(path: string, role?: Role) {
    if (role) await signIn(role)
    await page.goto(url + path)
    const elements = await elementsOn(page)
    for (const name of elements) shown.add(name)
    if (elements.length) await page.locator('html[data-ready]').waitFor()
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (tooWide > 0) complaints.push(`${path} as ${signedIn} is ${tooWide} pixels wider than the screen`)
    return page.locator('html').getAttribute('data-status')
  }

  async function signIn(role: Role) {
    signedIn = role
    const customerId = people.find(person => person.role === role)?.id ?? ''
    await context.request.post(`${url}/login`, { form: { customerId }, headers: { origin: url } })
  }
}

function elementsOn(page: Page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('*')].map(one => one.localName).filter(name => name.startsWith('mislata-')),
  )
}
