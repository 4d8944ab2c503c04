import { describe, expect, test } from 'vitest'
import { calendar } from '../../widget/calendar.ts'
import { formats } from '../../widget/format.ts'

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
