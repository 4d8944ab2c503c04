import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashboard, enrolled, notApplied, notEnrolled, problem } from './replies.ts'
import { type Answer, type Answers, type Asked, type Stage, setStage, tokenFor } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const STATUS = 'GET /v1/affiliate/apply/status'
const MEMBER = 'GET /v1/affiliate'
const DASHBOARD = 'GET /v1/affiliate/dashboard'
const PROGRAM = '<mislata-program publishable-key="mislata_pk_1"></mislata-program>'

const refused: Answer = { status: 401, body: problem(401, 'bad_credential') }
const partner: Answers = { [MEMBER]: () => ({ body: enrolled() }), [DASHBOARD]: () => ({ body: dashboard() }) }
const bearer = ({ headers }: Asked) => headers.authorization?.replace('Bearer ', '')

/** The host gives these tokens, one at each call, and then nothing more. Its script runs before the widget's. */
const giveTokens = (tokens: string[]) => `<script nonce="host">
  const tokens = ${JSON.stringify(tokens)}
  window.calls = 0
  document.querySelector('main > :last-child').getToken = async () => tokens[calls++]
</script>`
const calls = (page: Page) => page.evaluate(() => (window as unknown as { calls: number }).calls)

describe('A token', () => {
  test('is asked of the host, whose script set getToken before the element was known', async () => {
    const token = tokenFor('cus_1')
    const { page, asked, faults, close } = await stage.open(PROGRAM, { answers: partner, body: giveTokens([token]) })
    await page.getByText('Partner dashboard').waitFor()
    expect(asked.map(({ route }) => route)).toEqual([MEMBER, DASHBOARD])
    expect(asked.map(bearer)).toEqual([token, token])
    expect(asked.map(({ headers }) => headers['x-api-key'])).toEqual([undefined, undefined])
    expect(await calls(page)).toBe(1)
    expect(faults).toEqual([])
    await close()
  })

  test('is asked of a host that comes later too, and not again when it merely changes the function', async () => {
    const answers = { ...partner, [STATUS]: () => ({ body: notApplied() }) }
    const { page, asked, close } = await stage.open(PROGRAM, { answers })
    await page.getByText('Become a partner').waitFor()
    const give = (token: string) => {
      const element = document.querySelector('mislata-program')
      if (element) element.getToken = async () => token
    }
    await page.evaluate(give, tokenFor('cus_1'))
    await page.getByText('Partner dashboard').waitFor()
    await page.evaluate(give, tokenFor('cus_1'))
    await page.getByRole('button', { name: '7 days' }).click()
    await page.locator('[aria-pressed=true]:has-text("7d")').waitFor()
    expect(asked.map(({ route }) => route)).toEqual([STATUS, MEMBER, DASHBOARD, DASHBOARD])
    await close()
  })

  test('that runs out is replaced before it is used again', async () => {
    const [short, long] = [tokenFor('cus_1', 25), tokenFor('cus_1', 900)]
    const { page, asked, close } = await stage.open(PROGRAM, { answers: partner, body: giveTokens([short, long]) })
    await page.getByText('Partner dashboard').waitFor()
    expect(asked.map(bearer)).toEqual([short, long])
    expect(await calls(page)).toBe(2)
    await close()
  })

  test('that is refused is replaced once', async () => {
    const [revoked, fresh] = [tokenFor('cus_1', 800), tokenFor('cus_1', 900)]
    const answers: Answers = { ...partner, [MEMBER]: asked => (bearer(asked) === fresh ? { body: enrolled() } : refused) }
    const { page, asked, close } = await stage.open(PROGRAM, { answers, body: giveTokens([revoked, fresh]) })
    await page.getByText('Partner dashboard').waitFor()
    expect(asked.map(bearer)).toEqual([revoked, fresh, fresh])
    await close()
  })

  test('that is refused twice ends in a sentence, and the next try asks the host again', async () => {
    const tokens = [700, 800, 900].map(seconds => tokenFor('cus_1', seconds))
    const answers: Answers = { ...partner, [MEMBER]: asked => (bearer(asked) === tokens[2] ? { body: enrolled() } : refused) }
    const { page, asked, close } = await stage.open(PROGRAM, { answers, body: giveTokens(tokens) })
    await page.getByText('Your session has ended').waitFor()
    expect(asked.map(bearer)).toEqual(tokens.slice(0, 2))
    expect(await page.evaluate(() => window.seen)).toEqual([{ type: 'error', detail: { code: 'session_ended' } }])
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Partner dashboard').waitFor()
    expect(await calls(page)).toBe(3)
    await close()
  })

  test('that the host has none of leaves what a visitor sees', async () => {
    const answers = { [STATUS]: () => ({ body: notApplied() }) }
    const { page, asked, close } = await stage.open(PROGRAM, { answers, body: giveTokens(['']) })
    await page.getByText('Become a partner').waitFor()
    expect(asked.map(({ route }) => route)).toEqual([STATUS])
    await close()
  })

  test('that the host cannot give is told apart from one that it has none of', async () => {
    const body = `<script nonce="host">
      document.querySelector('mislata-dashboard').getToken = () => Promise.reject(new Error('the host is down'))
    </script>`
    const { page, close } = await stage.open('<mislata-dashboard></mislata-dashboard>', { body })
    await page.getByText('Your sign-in could not be confirmed').waitFor()
    await close()
  })

  test('renewed by the host in the attribute is used without beginning again', async () => {
    const [first, second] = [tokenFor('cus_1', 800), tokenFor('cus_1', 900)]
    const { page, asked, close } = await stage.open(`<mislata-program token="${first}"></mislata-program>`, { answers: partner })
    await page.getByText('Partner dashboard').waitFor()
    await page.evaluate(token => document.querySelector('mislata-program')?.setAttribute('token', token), second)
    await page.getByRole('button', { name: '7 days' }).click()
    await expect.poll(() => asked.map(bearer)).toEqual([first, first, second])
    await close()
  })

  test('of somebody else begins again', async () => {
    const { page, asked, close } = await stage.open(`<mislata-program token="${tokenFor('cus_1')}"></mislata-program>`, {
      answers: partner,
    })
    await page.getByText('Partner dashboard').waitFor()
    const other = tokenFor('cus_2')
    await page.evaluate(token => document.querySelector('mislata-program')?.setAttribute('token', token), other)
    await expect.poll(() => asked.slice(2).map(({ route }) => route)).toEqual([MEMBER, DASHBOARD])
    expect(bearer(asked[2] as Asked)).toBe(other)
    await close()
  })

  test('renewed after its session had ended brings the view back', async () => {
    const [ended, fresh] = [tokenFor('cus_1', 800), tokenFor('cus_1', 900)]
    const answers: Answers = { ...partner, [MEMBER]: asked => (bearer(asked) === fresh ? { body: enrolled() } : refused) }
    const { page, close } = await stage.open(`<mislata-program token="${ended}"></mislata-program>`, { answers })
    await page.getByText('Your session has ended').waitFor()
    await page.evaluate(token => document.querySelector('mislata-program')?.setAttribute('token', token), fresh)
    await page.getByText('Partner dashboard').waitFor()
    await close()
  })
})

describe('The programme shows', () => {
  const SIGNED_IN = `<mislata-program publishable-key="mislata_pk_1" token="${tokenFor('cus_1')}"></mislata-program>`

  test('the form to a customer who is no partner', async () => {
    const answers = { [MEMBER]: () => ({ body: notEnrolled() }), [STATUS]: () => ({ body: notApplied() }) }
    const { page, asked, close } = await stage.open(SIGNED_IN, { answers })
    await page.getByText('Become a partner').waitFor()
    expect(asked.map(({ route }) => route)).toEqual([MEMBER, STATUS])
    await close()
  })

  test('the dashboard as soon as the application of a customer is approved', async () => {
    let reply = notEnrolled({ status: 'pending' })
    const answers = { ...partner, [MEMBER]: () => ({ body: reply }) }
    const { page, close } = await stage.open(SIGNED_IN, { answers })
    await page.getByText('Your application is in').waitFor()
    reply = enrolled()
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await page.getByText('Partner dashboard').waitFor()
    expect(await page.evaluate(() => window.seen.map(({ detail }) => detail.status))).toEqual([undefined, 'pending', 'active'])
    await close()
  })

  test('a partner who is deactivated meanwhile that it is over', async () => {
    let answer: Answer = { body: dashboard() }
    const { page, close } = await stage.open(SIGNED_IN, { answers: { ...partner, [DASHBOARD]: () => answer } })
    await page.getByText('Partner dashboard').waitFor()
    answer = { status: 403, body: problem(403, 'partner_deactivated') }
    await page.getByRole('button', { name: '7 days' }).click()
    await page.getByText('Your partnership has ended').waitFor()
    await close()
  })

  test('itself again when the connection is back', async () => {
    let answer: Answer = { cut: true }
    const { page, close } = await stage.open(PROGRAM, { answers: { [STATUS]: () => answer } })
    await page.getByText('The server cannot be reached').waitFor()
    answer = { body: notApplied() }
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('Become a partner').waitFor()
    await close()
  })

  test('that somebody is offline', async () => {
    const answers = { [STATUS]: () => ({ body: notApplied() }) }
    const { page, close } = await stage.open(PROGRAM, { answers })
    await page.getByText('Become a partner').waitFor()
    await page.context().setOffline(true)
    await page.evaluate(() => document.querySelector('mislata-program')?.setAttribute('publishable-key', 'mislata_pk_2'))
    await page.getByText('You are offline').waitFor()
    await page.context().setOffline(false)
    await page.getByText('Become a partner').waitFor()
    await close()
  })
})

describe('An element', () => {
  test('asks the server that it is told to ask', async () => {
    const { page, asked, close } = await stage.open(
      '<mislata-apply api="http://localhost:9/nothing" publishable-key="k"></mislata-apply>',
      {
        answers: { [STATUS]: () => ({ body: notApplied() }) },
      },
    )
    await page.getByText('The server cannot be reached').waitFor()
    expect(asked).toEqual([])
    await page.evaluate(() => document.querySelector('mislata-apply')?.removeAttribute('api'))
    await page.getByText('Become a partner').waitFor()
    expect(asked).toHaveLength(1)
    await close()
  })

  test('that leaves the page leaves nothing behind, and begins anew when it comes back', async () => {
    const { page, asked, faults, close } = await stage.open(PROGRAM, { answers: { [STATUS]: () => ({ body: notApplied() }) } })
    await page.getByLabel('Name').fill('Jane')
    const left = await page.evaluate(() => {
      const element = document.querySelector('mislata-program') as HTMLElement
      Object.assign(window, { element })
      element.remove()
      return element.shadowRoot?.childNodes.length
    })
    expect(left).toBe(0)
    await page.evaluate(() => document.body.append((window as unknown as { element: Element }).element))
    await page.getByText('Become a partner').waitFor()
    expect(await page.getByLabel('Name').inputValue()).toBe('')
    expect(asked).toHaveLength(2)
    expect(faults).toEqual([])
    await close()
  })

  test('that leaves while it waits says nothing any more', async () => {
    const never = new Promise(() => {})
    const { page, asked, faults, close } = await stage.open(PROGRAM, { answers: { [STATUS]: () => ({ after: never }) } })
    await expect.poll(() => asked.length).toBe(1)
    const cut = page.waitForEvent('requestfailed')
    await page.evaluate(() => {
      const element = document.querySelector('mislata-program') as HTMLElement
      element.addEventListener('mislata:error', event => window.seen.push({ type: event.type, detail: event.detail }))
      element.remove()
    })
    await cut
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await page.evaluate(() => window.seen)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('moved with moveBefore keeps the half-filled form', async () => {
    const { page, asked, close } = await stage.open(PROGRAM, { answers: { [STATUS]: () => ({ body: notApplied() }) } })
    await page.getByLabel('Name').fill('Jane')
    await page.evaluate(() => {
      const element = document.querySelector('mislata-program') as HTMLElement
      ;(document.body as unknown as { moveBefore(node: Node, before: null): void }).moveBefore(element, null)
    })
    expect(await page.getByLabel('Name').inputValue()).toBe('Jane')
    expect(asked).toHaveLength(1)
    await close()
  })

  test('works however the page wrote the address of the script, and where it is there twice', async () => {
    const body = `<script nonce="host" type="module" src="${stage.origin}/widget.js"></script>`
    const { page, faults, close } = await stage.open(`<mislata-program token="${tokenFor('cus_1')}"></mislata-program>`, {
      answers: partner,
      query: '?v=2',
      body,
    })
    await page.getByText('Partner dashboard').waitFor()
    await page.getByRole('button', { name: '7 days' }).click()
    await page.locator('[aria-pressed=true]:has-text("7d")').waitFor()
    expect(faults).toEqual([])
    expect(await page.evaluate(() => window.violations)).toEqual([])
    await close()
  })

  test('says the host’s sentences in place of its own, and follows its language', async () => {
    const { page, close } = await stage.open(PROGRAM, {
      answers: { [STATUS]: () => ({ body: notApplied({ commission: { rate: 12.5, recurringMonths: null } }) }) },
    })
    await page.getByText('Earn 12.5% of every payment').waitFor()
    await page.evaluate(() => {
      const element = document.querySelector('mislata-program')
      if (!element) return
      element.wording = { applyTitle: 'Partner werden' }
      element.setAttribute('lang', 'de')
    })
    await page.getByText('Partner werden').waitFor()
    await page.getByText('Sie erhalten 12,5 % jeder Zahlung').waitFor()
    await close()
  })
})
