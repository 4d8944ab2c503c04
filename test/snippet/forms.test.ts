import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.reset())

const FORM = '<form id="signup" action="/sent"><input name="email" value="a@b.example"><button>Sign up</button></form>'
const sent = (page: { url(): string }) => Object.fromEntries(new URL(page.url()).searchParams)

describe('With data-forms="auto" a form that is sent carries the click', () => {
  test.each([
    ['when its button is pressed', `document.querySelector('button').click()`],
    ['when a script submits it', 'document.forms.signup.submit()'],
    [
      'when it came later',
      `{ const form = document.forms.signup.cloneNode(true); document.forms.signup.remove(); document.body.append(form); form.requestSubmit() }`,
    ],
  ])('%s', async (_, send) => {
    stage.show(FORM + stage.tag('data-forms="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    expect(await visitor.posts()).toBe(1)
    const ref = await visitor.api()
    await Promise.all([visitor.page.waitForURL('**/sent?**'), visitor.page.evaluate(send)])
    expect(sent(visitor.page)).toEqual({ email: 'a@b.example', mislata_ref: ref, mislata_click: ref.split('.')[1] })
  })

  test('when the page reads it, however often, and its elements are left alone', async () => {
    stage.show(FORM + stage.tag('data-forms="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    const read = () => visitor.page.evaluate(() => [...new FormData(document.forms[0])].map(([name]) => name))
    expect(await read()).toEqual(['email', 'mislata_ref', 'mislata_click'])
    expect(await read()).toEqual(['email', 'mislata_ref', 'mislata_click'])
    expect(await visitor.page.evaluate(() => document.forms[0]?.elements.length)).toBe(2)
  })

  test('and nothing where there is none, or no more', async () => {
    stage.show(FORM + stage.tag('data-forms="auto"'))
    await using visitor = await stage.visitor()
    await visitor.page.goto(stage.at('acme.test', '/'))
    const read = () => visitor.page.evaluate(() => [...new FormData(document.forms[0])].map(([name]) => name))
    expect(await read()).toEqual(['email'])
    await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
    await visitor.posts()
    await visitor.page.evaluate('mislata.consent(false)')
    expect(await read()).toEqual(['email'])
  })
})

test('attach(form) does it for one form, also where the click comes later', async () => {
  stage.show(
    `<script>window.mislata = []; mislata.push(api => api.attach(document.forms.signup))</script>${FORM}<form id="other"></form>${stage.tag('data-consent="required"')}`,
  )
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  const read = (name: string) =>
    visitor.page.evaluate(name => [...new FormData(document.forms.namedItem(name) as HTMLFormElement).keys()], name)
  expect(await read('signup')).toEqual(['email'])
  await visitor.page.evaluate('mislata.consent(true)')
  await stage.api.told(1)
  expect(await read('signup')).toEqual(['email', 'mislata_ref', 'mislata_click'])
  expect(await read('other')).toEqual([])
})

test('With what the documents say of it, a script that reads the elements finds them there, and never twice', async () => {
  const documents = readFileSync(new URL('../../docs/snippet.md', import.meta.url), 'utf8')
  const [, said] = /```js\n(addEventListener\('submit'.*?)```/s.exec(documents) ?? []
  expect(said).toBeTruthy()
  const reads = `document.forms.signup.addEventListener('submit', event => {
    event.preventDefault()
    read = [...event.target.elements].filter(({ name }) => name).map(({ type, name, value }) => [type, name, value])
  })`
  stage.show(`${FORM}<script>${reads};${said}</script>${stage.tag('data-forms="auto"')}`)
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await visitor.posts()
  const ref = await visitor.api()
  const submit = () => visitor.page.evaluate('document.forms.signup.requestSubmit(), read')
  const email = ['text', 'email', 'a@b.example']
  const both = [email, ['hidden', 'mislata_ref', ref], ['hidden', 'mislata_click', ref.split('.')[1]]]
  expect(await submit()).toEqual(both)
  expect(await submit()).toEqual(both)
  await visitor.page.evaluate('mislata.consent(false)')
  expect(await submit()).toEqual([email])
  expect(visitor.errors).toEqual([])
})

test('attach(form) does it in a shadow tree, wherever the form is sent to', async () => {
  stage.show(stage.tag('data-consent="required"'))
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await visitor.page.evaluate(`
    root = document.body.attachShadow({ mode: 'open' })
    form = Object.assign(document.createElement('form'), { action: 'https://elsewhere.example/' })
    root.append(form)
    mislata.attach(form)
  `)
  await visitor.page.evaluate('mislata.consent(true)')
  await stage.api.told(1)
  expect(await visitor.page.evaluate('[...new FormData(form).keys()]')).toEqual(['mislata_ref', 'mislata_click'])
})

test.each(['null', 'undefined', '{}', `'signup'`])('attach(%s) hurts nobody', async what => {
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await visitor.page.evaluate(`mislata.attach(${what})`)
  await visitor.posts()
  expect(visitor.errors).toEqual([])
})
