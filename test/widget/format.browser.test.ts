import { describe, expect, test } from 'vitest'
import { calendar } from '../../widget/calendar.ts'
import { formats } from '../../widget/format.ts'
import { choose, directionOf, spokenIn } from '../../widget/language.ts'

const plain = (text: string) => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ').replaceAll(/[\u200e\u200f\u061c]/g, '')

describe('An amount is written as its reader writes it', () => {
  test.each([
    ['en-GB', 119.6, 'EUR', '€119.60'],
    ['de-DE', 1435.2, 'EUR', '1.435,20 €'],
    ['en-GB', -24, 'EUR', '−€24.00'],
    ['sv-SE', -24, 'SEK', '−24,00 kr'],
    ['ja-JP', 123456789, 'JPY', '￥123,456,789'],
    ['en-GB', 1.25, 'KWD', 'KWD 1.250'],
    ['en-GB', 1.25, 'IQD', 'IQD 1.250'],
  ])('%s: %d %s is %s', (lang, amount, currency, text) => {
    expect(plain(formats(lang).money(amount, currency))).toBe(text)
  })

  test('from minor units, by the currency', () => {
    const { minor } = formats('en-GB')
    expect([minor(59800, 'EUR'), minor(1500, 'JPY'), plain(minor(1250, 'KWD'))]).toEqual(['€598.00', 'JP¥1,500', 'KWD 1.250'])
  })

  test('and a share with no more digits than it has', () => {
    const { percent } = formats('en-GB')
    expect([percent(20), percent(12.5), percent(4.2483, 1)]).toEqual(['20%', '12.5%', '4.2%'])
    expect(plain(formats('de').percent(20))).toBe('20 %')
  })

  test('in the browser’s own language, where the page names one that does not exist', () => {
    for (const lang of ['', 'xx_YY', '-', 'tlh']) expect(formats(lang).money(1, 'EUR')).toContain('1')
  })
})

describe('A sentence', () => {
  const clicks = { one: '{n} click', other: '{n} clicks' }

  test('has its values, its plural and its digits', () => {
    const { fill } = formats('en-GB')
    expect(fill('{program} is looking at it.', { program: '$& {n}' })).toBe('$& {n} is looking at it.')
    expect([0, 1, 2, 12345].map(n => fill(clicks, { n }))).toEqual(['0 clicks', '1 click', '2 clicks', '12,345 clicks'])
    // A category that a host has left out is served by the last.
    expect(formats('ar').fill({ other: '{n} نقرة' }, { n: 2 })).toBe('2 نقرة')
    expect(formats('ar-EG').fill({ other: '{n} نقرة' }, { n: 12 })).toBe('١٢ نقرة')
  })

  test('keeps what is put into it apart, where the two may run in different ways', () => {
    expect(formats('ar').fill('مع {program}.', { program: 'Acme!' })).toBe('مع \u2068Acme!\u2069.')
    expect(formats('en').fill('With {program}.', { program: 'Acme!' })).toBe('With Acme!.')
  })

  test('says how long to wait', () => {
    expect([30, 120].map(seconds => formats('en').fromNow(seconds))).toEqual(['in 30 seconds', 'in 2 minutes'])
    expect(formats('de').fromNow(91)).toBe('in 2 Minuten')
  })
})

describe('A language', () => {
  test.each([
    [['de-AT'], 'de', 'ltr'],
    [['AR-eg'], 'ar', 'rtl'],
    [['en-GB', 'de'], 'en', 'ltr'],
    [['ca', 'pt-PT', 'de'], 'pt', 'ltr'],
    [['constructor', ''], 'en', 'ltr'],
    [['ca'], 'en', 'ltr'],
    [[], 'en', 'ltr'],
  ])('of %j is %s, and runs %s', (wanted, spoken, direction) => {
    expect([spokenIn(choose(wanted)), directionOf(choose(wanted))]).toEqual([spoken, direction])
  })
})

describe('A date', () => {
  const dates = calendar('en-GB', new Date('2026-11-21T12:00:00Z'))

  test('has its year only where it is another one', () => {
    expect([dates.day('2026-10-23'), dates.day('2025-12-03')]).toEqual(['23 Oct', '3 Dec 2025'])
    expect(plain(dates.days('2026-11-15', '2026-11-21'))).toBe('15 – 21 Nov')
  })

  test('of a day is that day wherever it is read', () => {
    for (const day of ['2026-01-01', '2026-11-21'])
      expect(dates.day(day)).toBe(`${Number(day.slice(8))} ${day.slice(5, 7) === '01' ? 'Jan' : 'Nov'}`)
  })
})
