import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { LANGUAGES } from './languages.ts'
import {
  application,
  dashboard,
  enrolled,
  events,
  mine,
  notApplied,
  page as pageOf,
  partnerKey,
  payoutSettings,
  picture,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

// All that the elements can show and load, under the strictest policy that a page can have.

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'mislata-classic-'))
let stage: Stage
beforeAll(async () => {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--mode', 'classic', '--outDir', folder, '--logLevel', 'error']
  const env = { ...process.env, NODE_ENV: 'production' }
  ;[stage] = await Promise.all([setStage(), promisify(execFile)(process.execPath, args, { cwd: root, env })])
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.close()
})

const token = `token="${tokenFor('cus_1')}"`
const elements = `<mislata-apply publishable-key="none"></mislata-apply><mislata-status publishable-key="pending"></mislata-status>
  <mislata-program publishable-key="none" ${token}></mislata-program><mislata-dashboard ${token}></mislata-dashboard><mislata-refer ${token}></mislata-refer>`
const answers: Answers = {
  'GET /v1/affiliate/apply/status': ({ headers }) => ({
    body: headers['x-api-key'] === 'pending' ? application('pending') : notApplied(),
  }),
  'GET /v1/affiliate': () => ({ body: enrolled() }),
  'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }),
  'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
  'GET /v1/affiliate/api-keys': () => ({ body: pageOf(partnerKey()) }),
  'GET /v1/affiliate/webhooks': () => ({ body: pageOf() }),
  'GET /referrals/me': () => ({ body: mine() }),
  'GET /referrals/me/events': () => ({ body: events() }),
  'GET /referrals/qr.svg': () => ({ body: picture() }),
}

/** Opens whatever there is to be opened, in every language and in words of the host's own. */
async function goThrough(page: Page) {
  const board = page.locator('mislata-dashboard')
  for (const tag of ['apply', 'status', 'program', 'dashboard', 'refer']) await page.locator(`mislata-${tag} h2`).waitFor()
  await board.locator('summary').first().click()
  await board.getByRole('button', { name: 'QR code' }).click()
  await board.getByRole('img').waitFor()
  await page.locator('mislata-apply').getByRole('button', { name: 'Apply' }).click()
  await page.locator('mislata-apply').getByRole('alert').waitFor()
  for (const tab of await board.getByRole('tab').all()) {
    await tab.click()
    await board.getByRole('tabpanel').locator('h3').first().waitFor()
  }
  for (const lang of LANGUAGES) {
    await page.evaluate(lang => document.documentElement.setAttribute('lang', lang), lang)
    await page.locator(`mislata-refer .card[lang=${lang}] h2`).waitFor()
    await page.locator(`mislata-dashboard .card[lang=${lang}] [role=tab]`).first().waitFor()
  }
  await page.evaluate(() => Object.assign(document.querySelector('mislata-refer') ?? {}, { wording: { referTitle: 'Ours' } }))
  await page.locator('mislata-refer').getByRole('heading', { name: 'Ours' }).waitFor()
  return page.evaluate(() => window.violations)
}

test('Every element, tab and language is loaded and shown without a violation', async () => {
  const { page, faults, close } = await stage.open(elements, { answers, fresh: true })
  const loaded: string[] = []
  page.on('request', request => void (request.resourceType() === 'script' && loaded.push(request.url())))
  await page.reload()
  expect(await goThrough(page)).toEqual([])
  expect(faults).toEqual([])
  const files = readdirSync(inject('widgetFolder')).filter(name => name.endsWith('.js'))
  expect(files.filter(name => !loaded.some(url => url.endsWith(`/${name}`)))).toEqual([])
  await close()
})

test('So is the classic script, of which nothing is loaded later', async () => {
  const policy = `default-src 'none'; script-src 'nonce-host' 'strict-dynamic'; connect-src ${stage.origin}; require-trusted-types-for 'script'; trusted-types 'none'`
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${policy}"><title>Host</title>
    <script nonce="host" src="${stage.origin}/widget.classic.js"></script>${elements}`
  const body = readFileSync(join(folder, 'widget.classic.js'))
  const { page, faults, close } = await stage.open('', {
    answers,
    html,
    before: page => page.route('**/widget.classic.js', route => route.fulfill({ contentType: 'text/javascript', body })),
  })
  expect(await goThrough(page)).toEqual([])
  expect(faults).toEqual([])
  await close()
})
