import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailLanguages } from '../../server/contract/mails.ts'
import { portalWords } from '../../server/pages/portal-words/all.ts'
import { sessionOf } from '../support/acts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'
import { smtpServer } from '../support/smtp.ts'

let server: TestServer
let smtp: Awaited<ReturnType<typeof smtpServer>>
let acme: TestProgram
let links: string[]
beforeAll(async () => {
  smtp = await smtpServer()
  server = await testServer({ SMTP_URL: smtp.url(), MAIL_FROM: 'partners@mail.example' })
  acme = await newProgram(server, { name: 'A&B', mails: { language: 'fr' } })
  const jane = await newPartner(server, acme, { slug: 'jane', email: 'jane@example.com' })
  const token = await sessionOf(server, acme, { customerId: 'jane', email: jane.email })
  const link = async () => new URL((await server.ask('GET', '/v1/affiliate/portal-link', { token })).body.url).pathname
  links = [await link(), await link()]
})
afterAll(async () => {
  await server.stop()
  await smtp.stop()
})

/** Every page of the portal that somebody sees who wants this language, and how it says which it is in. */
async function pages(language: string | undefined) {
  const headers = { 'sec-fetch-site': 'same-origin', ...(language !== undefined && { 'accept-language': language }) }
  const [door = '', used = ''] = links
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
  const send = (email: string) =>
    fetch(`${server.url()}/portal/sign-in`, { method: 'POST', headers: form, body: `program=${acme.program.id}&email=${email}` })
  const press = () => fetch(server.url() + used, { method: 'POST', headers, redirect: 'manual' })
  const cookie = (await press()).headers.getSetCookie()[0]?.split(';')[0] ?? inside
  inside = cookie
  const get = async (path: string, more = {}) => (await fetch(server.url() + path, { headers: { ...headers, ...more } })).text()
  const all = {
    signIn: await get(`/portal?program=${acme.program.id}`),
    wrong: await (await send('jane')).text(),
    asked: await (await send('jane@example.com')).text(),
    door: await get(door),
    gone: await get(used),
    used: await get(used, { cookie }),
    unknown: await get('/portal/nothing'),
    inside: await get('/portal', { cookie }),
  }
  const said = Object.values(all).join('\n')
  return { ...all, said, lang: all.signIn.match(/<html lang="([^"]*)" dir="(\w+)">/)?.slice(1) }
}
let inside = ''

describe('The pages of the portal are in the language of', () => {
  test.each<[string, string | undefined, string]>([
    ['their reader, with the country of its amounts', 'de-at,de;q=0.9,en;q=0.5', 'de-AT ltr'],
    ['the first that there are sentences in', 'fi, da;q=0.9, ja;q=0.8, en;q=0.7', 'ja ltr'],
    ['the one that is liked best, wherever it stands', 'en;q=0.3, pt-BR;q=0.9', 'pt-BR ltr'],
    ['not of one that is refused', 'es;q=0, en', 'en ltr'],
    ['the program, where there is none of the reader’s', 'fi', 'fr ltr'],
    ['the program, where nothing is said', undefined, 'fr ltr'],
    ['the program, where what is said is nonsense', '*,;;q=x,<b>,de_\u00e4\u00f6;q=7,', 'fr ltr'],
    ['their reader, from the right', 'ar-EG', 'ar-EG rtl'],
  ])('%s', async (_, language, expected) => {
    expect((await pages(language)).lang?.join(' ')).toBe(expected)
  })

  test('nobody in particular, in English', async () => {
    expect(await (await fetch(`${server.url()}/portal`, { headers: { 'accept-language': 'fi' } })).text()).toContain('lang="en"')
  })
})

// What stands only where a link came by mail, where it cannot, or where it was asked for too often.
const elsewhere =
  /^(opens|opensElsewhere|notSignedIn|signedOut|goTo|tooMany|tooManyText|terms|newLink|goneMailed)$|^(signInAs|signInHere|signInHereText|enter)$/

test.each(mailLanguages)('In %s every page says its own, whole and with nothing left to fill in', async language => {
  const { said, ...all } = await pages(language)
  const plain = said.replaceAll(/<(?!title|\/title|button|\/button)[^>]*>/g, '').replaceAll('&#39;', "'")
  for (const [name, sentence] of Object.entries(portalWords[language])) {
    if (elsewhere.test(name)) continue
    const values = { '{program}': 'A&amp;B', '{email}': 'jane@example.com' }
    const whole = sentence.replaceAll(/\{\w+\}/g, value => values[value as keyof typeof values])
    expect([name, plain.includes(whole)]).toEqual([name, true])
  }
  expect(said).not.toMatch(/\{\w+\}|undefined|\[object/)
  expect(all.inside).toContain('<mislata-dashboard></mislata-dashboard>')
})

describe.each(mailLanguages.filter(language => language !== 'en'))('In %s', language => {
  test('every sentence is another one than in English, with the same to fill in', () => {
    const english = portalWords.en
    for (const [name, sentence] of Object.entries(portalWords[language])) {
      const own = english[name as keyof typeof english]
      expect([name, sentence === own]).toEqual([name, false])
      expect([name, sentence.match(/\{\w+\}/g)]).toEqual([name, own.match(/\{\w+\}/g)])
    }
  })
})
