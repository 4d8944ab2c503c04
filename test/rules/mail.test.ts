import { describe, expect, test } from 'vitest'
import { mailKinds, mailLanguages } from '../../server/contract/mails.ts'
import { coloursOf, contrast } from '../../server/rules/mail/colours.ts'
import { asHtml } from '../../server/rules/mail/html.ts'
import type { Sender, Told } from '../../server/rules/mail/kinds.ts'
import { message } from '../../server/rules/mail/message.ts'
import { nextTry } from '../../server/rules/mail/retry.ts'
import { money } from '../../server/rules/mail/rows.ts'
import { fill, plain } from '../../server/rules/mail/sentence.ts'
import { asPlainText } from '../../server/rules/mail/text.ts'
import { words } from '../../server/rules/mail/words/all.ts'
import { acme, everyMail, payloads, textsIn } from '../support/mails.ts'

const ways = { portal: 'https://partners.example.com/portal?program=prog_1', link: 'https://partners.example.com/portal/CODE' }
const made = (told: Told, sender: Sender = acme) => {
  const composed = message(told, sender, ways)
  return { ...composed, text: asPlainText(composed, sender), html: asHtml(composed, sender) }
}

const placesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(each => each[1]).sort()

describe('In every language', () => {
  test.each(mailLanguages.filter(each => each !== 'en'))('%s has each text, with the same places for values', language => {
    const [english, other] = [textsIn(words.en), textsIn(words[language])]
    expect([...other.keys()]).toEqual([...english.keys()])
    for (const [path, text] of english) {
      expect([path, placesIn(other.get(path) ?? '')]).toEqual([path, placesIn(text)])
      expect(other.get(path)?.trim(), path).toBeTruthy()
    }
    // Left in English by oversight: no two sentences of two languages are the same.
    const sentences = [...english].filter(([, text]) => text.split(' ').length > 3)
    for (const [path, text] of sentences) expect([path, other.get(path)]).not.toEqual([path, text])
  })

  test.each(mailLanguages)('%s: no mail shows a place without its value, or ends in nothing', language => {
    for (const told of everyMail) {
      const { subject, text, html } = made(told, { ...acme, language })
      for (const each of [subject, text, html.replace(/<style>.*<\/style>/s, '')]) {
        expect(each).not.toMatch(/[{}]|undefined|null|NaN|\[object/)
        expect(each.length).toBeGreaterThan(10)
      }
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`)
    }
  })

  test('every mail is tried', () => expect(new Set(everyMail.map(each => each.kind))).toEqual(new Set(mailKinds)))
})

test.each([
  ['en', 11_960, 'EUR', '€119.60'],
  ['de', 11_960, 'EUR', '119,60 €'],
  ['ja', 5_000, 'JPY', '¥5,000'],
  ['fr', 1_234_567, 'USD', '12 345,67 $US'],
  ['en', 12_345, 'KWD', 'KWD 12.345'],
  ['pt', -2_990, 'BRL', '-R$ 29,90'],
] as const)('%s writes %i %s as %s', (language, amount, currency, shown) => {
  const form = money({ amount, currency }, { language })
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace('￥', '¥')
  expect(form).toBe(shown)
})

test('Days are the program’s', () => {
  const told = {
    kind: 'first_commission',
    facts: { amount: 1, currency: 'EUR', availableAt: '2026-04-09T23:30:00.000Z' },
  } as const
  expect(made(told, { ...acme, timeZone: 'Europe/Madrid' }).text).toContain('April 10, 2026')
  expect(made(told, { ...acme, timeZone: 'America/New_York' }).text).toContain('April 9, 2026')
})

test('A sentence whose value there is none of is left out', () => {
  expect(fill('Because of {reason}.', { reason: null })).toBeNull()
  expect(fill('Paid by {program}', { program: 'Acme' })).toEqual(['Paid by ', { value: 'Acme' }])
  const told = { kind: 'application_rejected', facts: { reason: null } } as const
  expect(made(told).text).not.toContain('reason')
  expect(made({ ...told, facts: { reason: 'Too small' } }).text).toContain('The reason that was given: Too small')
})

test('A value is one line that reads the way it stands', () => {
  expect(plain('a\r\nBcc: all@example.com\u0000\u202eb\u2028c\u0085d')).toBe('a Bcc: all@example.com b c d')
  expect(plain(`${'👩‍👩‍👧'.repeat(1)} ${'x'.repeat(600)}`).length).toBeLessThan(520)
})

describe('Whatever a stranger has typed', () => {
  const tags = (html: string) => [...html.matchAll(/<\/?[a-z!][^>]*>/gi)].map(each => each[0].replace(/="[^"]*"/g, '=""'))

  test.each(payloads)('%j is text in every mail', payload => {
    for (const told of everyMail) {
      const facts = Object.fromEntries(
        Object.entries(told.facts).map(([name, value]) => [name, typeof value === 'string' && isFree(name) ? payload : value]),
      )
      const sender = { ...acme, name: payload, replyTo: null }
      const hostile = made({ ...told, facts } as Told, sender)
      // The same elements, and no other, as with values that mean nothing.
      const harmless = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value === payload ? 'x' : value]))
      expect(tags(hostile.html)).toEqual(tags(made({ ...told, facts: harmless } as Told, { ...sender, name: 'x' }).html))
      expect(hostile.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    }
  })

  const isFree = (name: string) => !['availableAt', 'at', 'currency', 'period', 'sealed', 'why'].includes(name)
})

test.each([
  '#0f766e',
  '#000000',
  '#ffffff',
  '#ffff00',
  '#7c3aed',
  '#808080',
  '#101010',
  '#fef3c7',
])('The accent %s can be read by day and by night', accent => {
  const { day, night } = coloursOf(accent)
  expect(contrast(day.on, day.button)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(night.on, night.button)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(day.link, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  expect(contrast(night.link, '#1b1917')).toBeGreaterThanOrEqual(4.5)
  expect(contrast(night.button, '#1b1917')).toBeGreaterThanOrEqual(3)
  expect(day.button).toBe(accent)
})

test('A mail is tried for three days, and one that was refused for good not again', () => {
  const now = new Date('2026-03-10T12:00:00Z')
  const next = (attempts: number, givesUpAt = '2026-03-13T12:00:00.000Z') =>
    nextTry({ attempts, now, givesUpAt, isRefused: false })
  expect(next(1)).toBe('2026-03-10T12:01:00.000Z')
  expect(next(4)).toBe('2026-03-10T12:08:00.000Z')
  expect(next(30)).toBe('2026-03-10T13:00:00.000Z')
  expect(next(3, '2026-03-10T12:03:00.000Z')).toBeNull()
  expect(nextTry({ attempts: 1, now, givesUpAt: '2026-03-13T12:00:00.000Z', isRefused: true })).toBeNull()
})
