import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import { everybody } from '../demo/companies/company.ts'
import type { SiteName } from '../demo/host.ts'
import { companies, open, siteNames } from '../demo/open.ts'
import { launch } from '../test/support/browser.ts'
import { front, kept, type Scene, type Shot, scenes, themes, widths } from './pictures-scenes.ts'

// `npm run pictures` takes those that the documents show, into docs/pictures. With `-- --all` it takes every scene on every
// site at three widths in two themes, into data/pictures; `--all pending` only those whose name holds the word. They show the
// fonts of the machine; those in the documents were taken where Inter, Roboto Slab, Bebas Neue, JetBrains Mono and Amiri are.
const [mode, only = ''] = process.argv.slice(2)
const DOCUMENTS = 'docs/pictures'
const ALL = 'data/pictures'
const admin = { email: 'admin@example.com', password: 'demo-admin-password' }
const AT_ONCE = 2
/** What is seen of the page around an element that stands alone. */
const EDGE = 12

const folder = mkdtempSync(join(tmpdir(), 'mislata-pictures-'))
const server = await startServer()
const browser = await launch({ args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'] })
const ports = { kilnhouse: await freePort(), hexrack: await freePort(), warraq: await freePort() }
const demo = await open({ api: server.url, admin, ports })
try {
  await nameAddresses()
  const shots = mode === '--all' ? all() : [...kept.map(withScale(2)), withScale(1)(front)]
  mkdirSync(mode === '--all' ? ALL : DOCUMENTS, { recursive: true })
  await takeAll(shots)
} finally {
  await browser.close()
  await demo.close()
  await server.end()
  rmSync(folder, { recursive: true })
}

type Task = Shot & { scale: number; into: string }

function withScale(scale: number) {
  return (shot: Shot): Task => ({ ...shot, scale, into: DOCUMENTS })
}

function all(): Task[] {
  return siteNames.flatMap(site =>
    scenes
      .filter(scene => `${site}-${scene.name}`.includes(only))
      .flatMap(({ name }) =>
        widths.flatMap(width =>
          themes.map(theme => {
            const file = `${site}-${name}-${width}-${theme}.png`
            return { file, site, scene: name, width, theme, scale: 1, into: ALL }
          }),
        ),
      ),
  )
}

async function takeAll(tasks: Task[]) {
  const waiting = [...tasks]
  const sessions = new Map<string, Promise<BrowserContext>>()
  const work = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) await take(task, sessions)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const bytes = tasks.map(task => statSync(join(task.into, task.file)).size).reduce((sum, size) => sum + size, 0)
  console.log(`${tasks.length} pictures, ${Math.round(bytes / 1024)} KB`)
}

async function take(task: Task, sessions: Map<string, Promise<BrowserContext>>) {
  const scene = scenes.find(one => one.name === task.scene)
  if (!scene) throw new Error(`There is no scene ${task.scene}.`)
  const { site, theme, scale, width } = task
  const key = [site, scene.as ?? '', theme, scale].join(' ')
  const session = sessions.get(key) ?? signedIn(browser, site, scene, { theme, scale })
  sessions.set(key, session)
  const page = await (await session).newPage()
  try {
    await page.setViewportSize({ width, height: 800 })
    await stage(page, site, scene)
    await capture(page, task)
  } catch (error) {
    throw new Error(`${task.file}: ${(error as Error).message}`)
  } finally {
    await page.close()
  }
}

async function signedIn(browser: Browser, site: SiteName, scene: Scene, look: { theme: Shot['theme']; scale: number }) {
  const context = await browser.newContext({ colorScheme: look.theme, deviceScaleFactor: look.scale, reducedMotion: 'reduce' })
  // The widget tells how far it is; the page around it is asked, because it can be waited for.
  await context.addInitScript(() => {
    for (const name of ['ready', 'error'])
      document.addEventListener(`mislata:${name}`, () => document.documentElement.setAttribute('data-widget', name))
  })
  if (!scene.as) return context
  const { url } = demo.sites[site]
  const customerId = everybody(companies[site]).find(person => person.role === scene.as)?.id ?? ''
  const answer = await context.request.post(`${url}/login`, { form: { customerId }, headers: { origin: url } })
  if (!answer.url().endsWith('/app')) throw new Error(`${site} does not let ${scene.as} in.`)
  return context
}

async function stage(page: Page, site: SiteName, { path, net, until = 'ready', act }: Scene) {
  const asked = `${server.url}/{v1,referrals}/**`
  let reached = () => {}
  const held = new Promise<void>(resolve => (reached = resolve))
  if (net === 'held') await page.route(asked, () => reached())
  if (net === 'cut') await page.route(asked, route => route.abort())
  if (net === 'refused') {
    const body = JSON.stringify({ type: '/docs/problems#unauthorized', title: 'No', status: 401, code: 'unauthorized' })
    const headers = { 'content-type': 'application/problem+json', 'access-control-allow-origin': '*' }
    await page.route(asked, route => route.fulfill({ status: 401, headers, body }))
  }
  await page.goto(`${demo.sites[site].url}${path}`)
  if (until === 'waiting') {
    await held
    await page.locator('.skeleton').first().waitFor({ state: 'attached' })
  }
  if (until === 'ready') await page.locator('html[data-widget=ready]').waitFor()
  if (until === 'failed') await page.locator('html[data-widget=error]').waitFor()
  await act?.(page)
  await page.mouse.move(0, 0)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

async function capture(page: Page, { file, into, alone, scale, tall = Number.POSITIVE_INFINITY }: Task) {
  const element = page.locator('mislata-program, mislata-apply, mislata-dashboard, mislata-status, mislata-refer').first()
  const whole = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    return { x: 0, y: 0, width: scrollWidth, height: scrollHeight }
  })
  const box = alone && (await element.boundingBox())
  const clip = box ? { x: box.x - EDGE, y: box.y - EDGE, width: box.width + 2 * EDGE, height: box.height + 2 * EDGE } : whole
  const client = await page.context().newCDPSession(page)
  const format = file.endsWith('.webp')
    ? ({ format: 'webp', quality: scale > 1 ? 72 : 85 } as const)
    : ({ format: 'png' } as const)
  const { data } = await client.send('Page.captureScreenshot', {
    ...format,
    clip: { ...clip, height: Math.min(clip.height, tall), scale: 1 },
    captureBeyondViewport: true,
  })
  writeFileSync(join(into, file), Buffer.from(data, 'base64'))
}

/** Links of companies, not of this machine. The pages stay where they are. */
async function nameAddresses() {
  const json = { 'content-type': 'application/json' }
  const login = await fetch(`${server.url}/v1/auth/login`, { method: 'POST', headers: json, body: JSON.stringify(admin) })
  const { token } = (await login.json()) as { token: string }
  for (const name of siteNames) {
    const { url, appId } = demo.sites[name]
    const body = JSON.stringify({ siteUrl: `https://${name}.example`, allowedOrigins: [url] })
    const headers = { ...json, authorization: `Bearer ${token}` }
    const answer = await fetch(`${server.url}/v1/apps/${appId}`, { method: 'PATCH', headers, body })
    if (!answer.ok) throw new Error(await answer.text())
  }
}

/** Mislata as `npm start` runs it, on a database of its own. */
async function startServer() {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: `sqlite:${join(folder, 'mislata.db')}`,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      PUBLIC_RATE_LIMIT: '0',
    },
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text
      const found = said.match(/"url":"(http:[^"]+)"/)
      if (found?.[1]) resolve(found[1])
    })
    ended.then(() => reject(new Error(`The server ended by itself:\n${said}`)))
  })
  return {
    url,
    end() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function freePort() {
  return new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
