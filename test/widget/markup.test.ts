import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payloads } from '../support/payloads.ts'
import {
  application,
  commission,
  dashboard,
  deal,
  endpoint,
  event,
  events,
  mine,
  notApplied,
  page as pageOf,
  partnerKey,
  payoutSettings,
  picture,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

// Whatever a stranger may have typed, in whatever place of the elements it is shown. The page has no policy, so that
// nothing but the elements themselves stands between a payload and what it would do.

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const token = `token="${tokenFor('cus_1')}"`
const at = (index: number) => payloads[index] ?? ''
const scheme = /^(javascript|data|vbscript|blob|file)/i

const answers: Answers = {
  // Each element's key is the number of a payload.
  'GET /v1/affiliate/apply/status': ({ headers }) => {
    const payload = at(Number(headers['x-api-key']))
    const { program: _, ...rejected } = application('rejected', { rejectionReason: payload })
    const { program } = notApplied()
    return {
      body: {
        ...rejected,
        program: { ...program, name: payload, siteUrl: payload, brand: { ...program?.brand, accent: payload } },
      },
    }
  },
  'GET /v1/affiliate': () => ({ body: { enrolled: false } }),
  'GET /v1/affiliate/dashboard': () => ({ body: board() }),
  'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
  'GET /v1/affiliate/api-keys': () => ({
    body: pageOf(...payloads.map((name, index) => ({ ...partnerKey(), id: `${index}`, name, hint: name }))),
  }),
  'GET /v1/affiliate/webhooks': () => ({
    body: pageOf(...payloads.map((url, index) => ({ ...endpoint(), id: `${index}`, url }))),
  }),
  'GET /referrals/me': () => ({
    body: { ...mine(), code: at(0), shareUrl: at(170), program: { ...mine().program, name: at(1) } },
  }),
  'GET /referrals/me/events': () => ({
    body: { ...events(), data: payloads.map((campaign, index) => event('rewarded', { id: `${index}`, campaign })) },
  }),
  'GET /referrals/qr.svg': () => ({ body: `${picture()}${at(2)}` }),
}

function board() {
  const reply = dashboard({ payouts: [] })
  const each = <T>(make: (payload: string, index: number) => T) => payloads.map(make)
  return {
    ...reply,
    link: at(171),
    program: { ...reply.program, name: at(1), siteUrl: at(172) },
    commissions: each((productId, index) => ({
      ...commission({ id: `${index}` }),
      productId,
      why: { ...commission().why, code: productId },
    })),
    payouts: each((method, index) => ({ ...paid, id: `pay_${index}`, method, reference: method })),
    codes: each((label, index) => ({ code: `${index}${label}`, url: label, label, createdAt: paid.createdAt, ...figures })),
    deals: each((leadName, index) => ({ ...deal(), id: `${index}`, leadName, leadEmail: leadName, notes: leadName })),
  }
}
const figures = { clicks: 1, signups: 0, conversions: 0, earned: [] }
const paid = { amount: 1, currency: 'EUR', status: 'paid', createdAt: '2026-11-12T10:00:00.000Z', paidAt: null }

const trap = `<script>ran = []; for (const name of ['alert', 'prompt', 'confirm', 'msgbox', 'open']) window[name] = () => ran.push(name)</script>`

async function open(elements: string) {
  const left: string[] = []
  const html = `<!doctype html><html lang="en"><title>Host</title>${trap}<script type="module" src="${stage.origin}/widget.js"></script>${elements}`
  const before = async (page: Page) => {
    page.on('request', request => void (request.url().includes('evil.') && left.push(request.url())))
    page.on('framenavigated', frame => void (frame.url().startsWith('http://127.0.0.1') || left.push(frame.url())))
    page.on('dialog', dialog => void left.push(dialog.message()))
  }
  const opened = await stage.open('', { html, answers, before })
  return { ...opened, left }
}

/** What of a page is more than text, and which payloads are not there as they were typed. */
function look(page: Page, shown: readonly string[]) {
  return page.evaluate(
    async ({ shown, none, scheme }) => {
      const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])
      const all = roots.flatMap(root => [...root.querySelectorAll('*')])
      for (const element of all)
        for (const type of ['mouseover', 'click', 'focus'])
          if (type !== 'click' || !element.closest('a,button,summary')) element.dispatchEvent(new Event(type))
      // Whatever a picture or a frame would do, it has done by the end of the next frame but one and of a request.
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      await fetch(location.href)
      const text = roots.map(root => root.textContent).join('\n')
      const addresses = all.flatMap(each =>
        ['href', 'src', 'action', 'formaction', 'xlink:href'].flatMap(name => each.getAttribute(name) ?? []),
      )
      return {
        elements: all.filter(each => each.matches(none)).map(each => each.outerHTML),
        listeners: all
          .filter(each =>
            each.getAttributeNames().some(name => /^on|^style$/.test(name) && !/--/.test(each.getAttribute(name) ?? '')),
          )
          .map(each => each.outerHTML),
        addresses: addresses.filter(
          each => new RegExp(scheme, 'i').test(each.replace(/[^\w:]/g, '')) || !/^(https?:|#)/.test(each),
        ),
        missing: shown.filter(each => !text.includes(each)),
        ran: (window as unknown as { ran: string[] }).ran,
      }
    },
    {
      shown,
      none: 'script,img,iframe,object,embed,base,meta,link,style,math,audio,video,template,slot,marquee,foreignObject,animate,image,use',
      scheme: scheme.source,
    },
  )
}

const nothing = { elements: [], listeners: [], addresses: [], missing: [], ran: [] }

test('A page that takes them for markup runs them: what is looked for would be found', async () => {
  const { page, close } = await open('<main></main>')
  await page.evaluate(html => {
    for (const place of document.querySelectorAll('main')) place.innerHTML = html
  }, `${payloads[1]}<details open ontoggle=alert(1)>`)
  await expect.poll(() => page.evaluate(() => (window as unknown as { ran: string[] }).ran)).toHaveLength(2)
  await close()
})

async function all(page: Page) {
  const more = page.getByRole('button', { name: /^Show \d+ more/ })
  while (await more.count()) await more.first().click()
}

describe('Markup is text', () => {
  test('in a rejection and a program’s name', async () => {
    const { page, left, close } = await open(
      payloads.map((_, index) => `<mislata-status publishable-key="${index}"></mislata-status>`).join(''),
    )
    const ready = () => page.evaluate(() => window.seen.filter(({ type }) => type === 'ready'))
    await expect.poll(ready).toHaveLength(payloads.length)
    expect({ ...(await look(page, payloads)), left }).toEqual({ ...nothing, left: [] })
    await close()
  })

  test('in every tab of a dashboard', { timeout: 120_000 }, async () => {
    const { page, left, close } = await open(`<mislata-dashboard ${token}></mislata-dashboard>`)
    await page.getByRole('tab').first().waitFor()
    for (const [tab, shown] of [
      ['Overview', payloads],
      ['Payouts', payloads],
      ['Links', payloads],
      ['Deals', payloads],
      ['Settings', payloads],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel', { name: tab }).locator('h3').first().waitFor()
      if (tab === 'Settings') await page.getByText('ends in').first().waitFor()
      await all(page)
      expect([tab, { ...(await look(page, shown)), left }]).toEqual([tab, { ...nothing, left: [] }])
    }
    await close()
  })

  test('in a customer’s referrals', async () => {
    const { page, left, close } = await open(`<mislata-refer ${token}></mislata-refer>`)
    await page.getByRole('button', { name: 'QR code' }).waitFor()
    await all(page)
    await page.getByRole('button', { name: 'QR code' }).click()
    await page.getByRole('img').waitFor()
    expect({ ...(await look(page, payloads)), left }).toEqual({ ...nothing, left: [] })
    await close()
  })
})
