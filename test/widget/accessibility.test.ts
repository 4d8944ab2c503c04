import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  applied,
  dashboard,
  deal,
  endpoint,
  events,
  madeEndpoint,
  madeKey,
  mine,
  notApplied,
  page as pageOf,
  partnerKey,
  payoutSettings,
  picture,
} from './replies.ts'
import { type Answers, type Stage, setStage, tokenFor } from './support.ts'

// Every task is done with the keyboard alone, and what a screen reader is told at each step is written down: it is taken
// from the browser's accessibility tree. docs/accessibility.md holds it; `vitest run --project node
// test/widget/accessibility.test.ts -u` writes it anew.

const root = join(import.meta.dirname, '..', '..')
const REPORT = join(root, 'docs', 'accessibility.md')
const walks: string[] = []

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const SESSION = `token="${tokenFor('cus_1')}"`
const BOARD = `<mislata-dashboard ${SESSION}></mislata-dashboard>`
const link = (label: string | null, code: string) => ({
  code,
  url: `https://acme.test/?ref=${code}`,
  label,
  createdAt: '2026-11-21T12:00:00.000Z',
})
const usual: Answers = {
  'GET /v1/affiliate/apply/status': () => ({ body: notApplied() }),
  'POST /v1/affiliate/apply': () => ({ status: 201, body: applied() }),
  'GET /v1/affiliate/dashboard': () => ({ body: dashboard() }),
  'POST /v1/affiliate/codes': () => ({ status: 201, body: link('Newsletter', 'ref_news_7kx') }),
  'POST /v1/affiliate/deals': () => ({ status: 201, body: deal() }),
  'GET /v1/affiliate/payout-settings': () => ({ body: payoutSettings() }),
  'GET /v1/affiliate/api-keys': () => ({ body: pageOf(partnerKey()) }),
  'POST /v1/affiliate/api-keys': () => ({ status: 201, body: madeKey() }),
  'GET /v1/affiliate/webhooks': () => ({ body: pageOf(endpoint()) }),
  'POST /v1/affiliate/webhooks': () => ({ status: 201, body: madeEndpoint() }),
  'GET /referrals/me': () => ({ body: mine() }),
  'GET /referrals/me/events': () => ({ body: events() }),
  'GET /referrals/qr.svg': () => ({ body: picture() }),
}

type Node = {
  role: { value: string }
  name: { value: string }
  description?: { value: string }
  properties?: { name: string; value: { value: unknown } }[]
}

/** Somebody without a mouse and without eyes. */
async function reader(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  const steps: string[] = []

  async function focused() {
    const deepest = `(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at })()`
    const { result } = await cdp.send('Runtime.evaluate', { expression: deepest })
    const { nodes } = await cdp.send('Accessibility.getPartialAXTree', { objectId: result.objectId ?? '', fetchRelatives: false })
    const { role, name, description, properties = [] } = nodes[0] as unknown as Node
    const states = properties.flatMap(({ name, value: { value } }) => {
      if (['expanded', 'pressed', 'selected'].includes(name))
        return `${value === false || value === 'false' ? 'not ' : ''}${name}`
      return (name === 'invalid' && value !== 'false') || (name === 'required' && value === true) ? name : []
    })
    const outline = await page.evaluate(`getComputedStyle(${deepest}).outlineStyle + getComputedStyle(${deepest}).outlineWidth`)
    const said = [`${role.value} “${name.value}”`, ...states, ...(description?.value ? [`“${description.value}”`] : [])].join(
      ', ',
    )
    return { said, name: name.value, outline: outline as string }
  }

  return {
    steps,
    /** Goes on with one key until what is named has the focus, and says how it is called. */
    async to(name: string | RegExp, key = 'Tab') {
      for (let presses = 1; presses < 60; presses++) {
        await page.keyboard.press(key)
        const found = await focused()
        if (!found.name) throw new Error(`Something without a name has the focus: ${found.said}`)
        if (!(typeof name === 'string' ? found.name === name : name.test(found.name))) continue
        expect([found.name, found.outline]).not.toEqual([found.name, expect.stringMatching(/^none|0px$/)])
        return void steps.push(`${key}${presses > 1 ? ` × ${presses}` : ''} | ${found.said}`)
      }
      throw new Error(`${name} cannot be reached with ${key}`)
    },
    async type(text: string) {
      await page.keyboard.type(text)
      steps.push(`typing “${text}” | `)
    },
    /** Presses a key, and waits for what is said of it by itself. */
    async press(key: string, announced: string | RegExp) {
      await page.keyboard.press(key)
      const live = page.locator('[role=status], [role=alert], h2:focus').filter({ hasText: announced }).first()
      await live.waitFor({ state: 'attached' })
      steps.push(`${key} | announced: “${(await live.innerText()).replaceAll(/\s+/g, ' ').trim()}”`)
    },
    /** Presses a key; what has the focus is then another thing or in another state. */
    async change(key: string, until: () => Promise<unknown>) {
      await page.keyboard.press(key)
      await until()
      steps.push(`${key === ' ' ? 'Space' : key} | ${(await focused()).said}`)
    },
    note: (said: string) => void steps.push(` | ${said}`),
  }
}

type Reader = Awaited<ReturnType<typeof reader>>

// What a secure page of a telephone can do.
const able = `<script nonce="host">
  navigator.share = async () => {}
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async () => {} } })
</script>`

function walk(title: string, element: string, go: (reader: Reader, page: Page) => Promise<void>) {
  test(title, async () => {
    const { page, faults, close } = await stage.open(element, { answers: usual, now: '2026-11-21T12:00:00Z', body: able })
    await page.locator('h2').first().waitFor()
    const one = await reader(page)
    await go(one, page)
    expect(faults).toEqual([])
    walks.push(
      [
        `### Somebody ${title}`,
        '',
        '| key | what is told |',
        '|---|---|',
        ...one.steps.map(step => `| ${step} |`.replaceAll('  |', ' |')),
        '',
      ].join('\n'),
    )
    await close()
  })
}

describe('With the keyboard and a screen reader somebody', () => {
  walk('applies', '<mislata-apply publishable-key="x"></mislata-apply>', async (reader, page) => {
    await reader.to('Apply')
    await reader.press('Enter', '2 answers need another look')
    await reader.to(/^Name$/)
    await reader.change('Enter', () => page.locator('input[name=name]:focus').waitFor())
    await reader.type('Jane Smith')
    await reader.to(/^E-mail/)
    await reader.type('jane@example.com')
    await reader.press('Enter', 'Your application is in')
  })

  walk('copies the link', BOARD, async reader => {
    await reader.to(/^Your link/)
    await reader.to('Copy link')
    await reader.press('Enter', 'Copied')
  })

  walk('shares the link, and shows its picture', BOARD, async (reader, page) => {
    await reader.to('Share')
    await reader.to('QR code')
    await reader.change('Enter', () => page.getByRole('img', { name: 'QR code of' }).waitFor())
    reader.note(`image “${await page.getByRole('img', { name: 'QR code of' }).getAttribute('aria-label')}”`)
  })

  walk('reads the chart, and its table', BOARD, async (reader, page) => {
    await reader.to(/^7d/)
    await reader.to(/signups/)
    await reader.change(' ', () => page.getByRole('heading', { name: 'Clicks and signups' }).waitFor())
    await reader.to(/./)
    await reader.to(/./)
    reader.note(`slider “${await page.getByRole('slider').getAttribute('aria-valuetext')}”`)
    await page.keyboard.press('ArrowLeft')
    reader.note(`slider “${await page.getByRole('slider').getAttribute('aria-valuetext')}” after ArrowLeft`)
    await reader.to('Show as a table')
    await reader.change('Enter', () => page.getByRole('columnheader', { name: 'Clicks' }).waitFor())
    const table = page.getByRole('table').first()
    reader.note(
      `table with the columns ${(await table.getByRole('columnheader').allInnerTexts()).join(', ')} and ${(await table.getByRole('row').count()) - 1} rows`,
    )
  })

  walk('changes the tab', BOARD, async (reader, page) => {
    await reader.to('Overview')
    await reader.to('Payouts', 'ArrowRight')
    await reader.to('Settings', 'End')
    await reader.to('Overview', 'ArrowRight')
    await page.getByRole('tabpanel', { name: 'Overview' }).waitFor()
  })

  walk('makes a link', BOARD, async (reader, page) => {
    await reader.to('Overview')
    await reader.to('Links', 'ArrowRight')
    await page.getByRole('heading', { name: 'Your links' }).waitFor()
    await reader.to('Where will you share it?')
    await reader.type('Newsletter')
    await reader.press('Enter', 'Link “Newsletter”')
    await reader.to('Link “Newsletter”')
  })

  walk('registers a deal', BOARD, async (reader, page) => {
    await reader.to('Overview')
    await reader.to('Deals', 'ArrowRight')
    await page.getByRole('heading', { name: 'Your deals' }).waitFor()
    await reader.to('Company or person')
    await reader.type('Globex')
    await reader.to('Their e-mail')
    await reader.type('buyer@globex.example')
    await reader.to(/^Notes/)
    await reader.to('Register the deal')
    await reader.press('Enter', 'Globex is registered.')
  })

  walk('makes a key, and revokes one', BOARD, async (reader, page) => {
    await reader.to('Overview')
    await reader.to('Settings', 'End')
    await page.getByText('ends in').waitFor()
    await reader.to('What is it for?')
    await reader.type('Sheet')
    await reader.press('Enter', 'Copy it now')
    await reader.to('I have it')
    await page.keyboard.press('Enter')
    await reader.to(/^Revoke: /)
    await reader.change('Enter', () => page.getByRole('button', { name: 'Revoke it' }).waitFor())
  })

  walk('adds a webhook address', BOARD, async (reader, page) => {
    await reader.to('Overview')
    await reader.to('Settings', 'End')
    await page.getByText('ends in').waitFor()
    await reader.to('Address')
    await reader.type('new.example/hook')
    await reader.press('Enter', 'Copy it now')
    await reader.to('I have it')
  })

  walk('shares what friends get', `<mislata-refer ${SESSION}></mislata-refer>`, async reader => {
    await reader.to(/^Your link/)
    await reader.to('Copy link')
    await reader.press('Enter', 'Copied')
    await reader.to('Share')
  })
})

describe('The report', () => {
  test('says what was told in the walks above', async () => {
    const [start, end] = ['<!-- walks: written by test/widget/accessibility.test.ts -->', '<!-- end of walks -->']
    const held = readFileSync(REPORT, 'utf8')
    const [before = '', rest = ''] = held.split(start)
    const after = rest.split(end)[1] ?? ''
    expect(walks).toHaveLength(10)
    await expect(`${before}${start}\n\n${walks.join('\n')}\n${end}${after}`).toMatchFileSnapshot(REPORT)
  })

  test('names tests that there are', () => {
    const cited = [...readFileSync(REPORT, 'utf8').matchAll(/`(test\/[\w/.-]+)`(?: “([^”]+)”)?/g)]
    expect(cited.length).toBeGreaterThan(30)
    for (const [, file = '', name] of cited) {
      expect([file, existsSync(join(root, file))]).toEqual([file, true])
      if (name) expect([name, readFileSync(join(root, file), 'utf8').includes(name)]).toEqual([name, true])
    }
  })

  test('leaves out no criterion of WCAG 2.2, A and AA', () => {
    const criteria =
      `1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13
      2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11 2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8
      3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3`.split(/\s+/)
    const rows = readFileSync(REPORT, 'utf8')
      .split('\n')
      .flatMap(line => line.match(/^\| (\d\.\d+\.\d+) \| [^|]+\| [^|]{20,}/)?.[1] ?? [])
    expect(rows).toEqual(criteria)
  })
})
