import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanUrl, expiresAt, parseRef, referrerHost, winner } from '../../server/rules/attribution.ts'

describe('The cookie’s value', () => {
  const clickId = 'clk_3xq7LmNpQrStUvWx'

  test.each([
    [`JANE20.${clickId}`, 'JANE20', clickId],
    [`jane.smith.20.${clickId}`, 'jane.smith.20', clickId],
    ['JANE20', 'JANE20', null],
    ['jane.smith', 'jane.smith', null],
    [`  JANE20.${clickId} `, 'JANE20', clickId],
    [`.${clickId}`, `.${clickId}`, null],
    ['', '', null],
  ])('%j is %j and %j', (ref, code, click) => {
    expect(parseRef(ref)).toEqual({ code, clickId: click })
  })
})

describe('A landing address keeps what tells of the campaign, and nothing of the person', () => {
  test.each([
    ['https://acme.example/pricing', 'https://acme.example/pricing'],
    ['https://acme.example', 'https://acme.example/'],
    ['https://acme.example/a?ref=JANE20&email=jane@example.com', 'https://acme.example/a?ref=JANE20'],
    [
      'https://acme.example/?utm_source=blog&token=s3cret&utm_medium=post',
      'https://acme.example/?utm_source=blog&utm_medium=post',
    ],
    ['https://acme.example/?gclid=Cj0KCQ&fbclid=IwAR', 'https://acme.example/?gclid=1&fbclid=1'],
    ['https://acme.example/a#access_token=s3cret', 'https://acme.example/a'],
    ['https://jane:s3cret@acme.example/a', 'https://acme.example/a'],
    ['http://acme.example:8080/a', 'http://acme.example:8080/a'],
    ['https://acme.example/?REF=x&Utm_source=y', 'https://acme.example/'],
    ['javascript:alert(1)', null],
    ['data:text/html,<script>alert(1)</script>', null],
    ['file:///etc/passwd', null],
    ['blob:https://acme.example/0123', null],
    ['//acme.example/a', null],
    ['not an address', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j becomes %j', (raw, clean) => {
    expect(cleanUrl(raw)).toBe(clean)
  })

  test('It stays short', () => {
    expect(cleanUrl(`https://acme.example/${'a'.repeat(4000)}`)).toHaveLength(1024)
    expect(cleanUrl(`https://acme.example/?ref=${'a'.repeat(4000)}`)).toBe(`https://acme.example/?ref=${'a'.repeat(120)}`)
  })

  test('Whatever an address holds, cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), raw => {
        const clean = cleanUrl(raw)
        expect(cleanUrl(clean)).toBe(clean)
        expect(clean).not.toContain('#')
      }),
    )
  })
})

test.each([
  ['https://news.example/article?id=7#top', 'news.example'],
  ['https://jane:s3cret@news.example:8443/', 'news.example'],
  ['https://NEWS.example/', 'news.example'],
  ['android-app://com.example.news', null],
  ['javascript:alert(1)', null],
  ['', null],
  [null, null],
])('Of the referrer %j the host is kept: %j', (raw, host) => {
  expect(referrerHost(raw)).toBe(host)
})

describe('Of several clicks', () => {
  const first = { at: '2026-03-01T00:00:00.000Z' }
  const second = { at: '2026-03-02T00:00:00.000Z' }
  const third = { at: '2026-03-03T00:00:00.000Z' }

  test('the first or the last wins, in whatever order they are named', () => {
    for (const clicks of [
      [first, second, third],
      [third, second, first],
      [second, third, first],
    ]) {
      expect(winner(clicks, 'first')).toBe(first)
      expect(winner(clicks, 'last')).toBe(third)
    }
  })

  test('none wins where there is none, and one alone wins either way', () => {
    expect(winner([], 'last')).toBeUndefined()
    expect(winner([second], 'first')).toBe(second)
    expect(winner([second], 'last')).toBe(second)
  })
})

test('A click counts for as many days as the program says, from its own time on', () => {
  expect(expiresAt('2026-03-10T12:00:00.000Z', 30)).toBe('2026-04-09T12:00:00.000Z')
  expect(expiresAt('2026-03-10T12:00:00.000Z', 1)).toBe('2026-03-11T12:00:00.000Z')
})
