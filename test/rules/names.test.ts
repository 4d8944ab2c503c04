import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldCode, linkFor, suggestCode } from '../../server/rules/code.ts'
import { foldEmail } from '../../server/rules/email.ts'
import { dedupeKey, visitorOf } from '../../server/rules/visitor.ts'

describe('Two codes are one', () => {
  test.each([
    ['JANE20', 'jane20'],
    ['JANE20', 'Jane20'],
    ['JANE20', 'ＪＡＮＥ２０'],
    ['JOSÉ', 'jose\u0301'],
    ['ﬁRST', 'first'],
  ])('%s and %s', (one, other) => {
    expect(foldCode(one)).toBe(foldCode(other))
  })

  test.each([
    ['JANE20', 'JANE2O'],
    ['JANE20', 'JANE-20'],
    ['JOSÉ', 'JOSE'],
  ])('but not %s and %s', (one, other) => {
    expect(foldCode(one)).not.toBe(foldCode(other))
  })

  test('Folding twice is folding once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), code => {
        expect(foldCode(foldCode(code))).toBe(foldCode(code))
      }),
    )
  })
})

test.each([
  ['Jane@Example.com', 'jane@example.com'],
  ['  jane@example.com ', 'jane@example.com'],
  ['JOSE\u0301@example.com', 'josé@example.com'],
])('The addresses %j and %j are one', (one, other) => {
  expect(foldEmail(one)).toBe(foldEmail(other))
})

describe('A suggested code', () => {
  test.each([
    ['Jane Smith', 'JANE-7KX'],
    ['José García', 'JOSE-7KX'],
    ['  Ada  ', 'ADA-7KX'],
    ['Wolfeschlegelsteinhausen', 'WOLFESCHLEGE-7KX'],
    ['山田', 'PARTNER-7KX'],
    ['', 'PARTNER-7KX'],
  ])('for %j is %s', (name, code) => {
    expect(suggestCode(name, '7KX')).toBe(code)
  })

  test('can always stand in an address as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name => {
        expect(suggestCode(name, '7KX')).toMatch(/^[A-Z0-9]+-7KX$/)
      }),
    )
  })
})

test.each([
  ['https://acme.example', 'https://acme.example/?ref=JANE20'],
  ['https://acme.example/start?lang=en', 'https://acme.example/start?lang=en&ref=JANE20'],
  ['https://acme.example/#top', 'https://acme.example/?ref=JANE20#top'],
])('The link to %s is %s', (site, link) => {
  expect(linkFor(site, 'JANE20')).toBe(link)
})

describe('A visitor', () => {
  const visitor = visitorOf('key of the day', '203.0.113.7', 'Mozilla/5.0')

  test('is the same all day, and somebody else on the next, from elsewhere and in another browser', () => {
    expect(visitorOf('key of the day', '203.0.113.7', 'Mozilla/5.0')).toBe(visitor)
    expect(visitorOf('key of the next', '203.0.113.7', 'Mozilla/5.0')).not.toBe(visitor)
    expect(visitorOf('key of the day', '203.0.113.8', 'Mozilla/5.0')).not.toBe(visitor)
    expect(visitorOf('key of the day', '203.0.113.7', 'Mozilla/6.0')).not.toBe(visitor)
  })

  test('is 22 characters that tell nothing', () => {
    expect(visitor).toMatch(/^[\w-]{22}$/)
  })

  test('counts once for a program, code and hour', () => {
    const key = dedupeKey('prog_1', 'jane20', visitor, '2026-03-10T12')
    expect(dedupeKey('prog_1', 'jane20', visitor, '2026-03-10T12')).toBe(key)
    const others = [
      dedupeKey('prog_2', 'jane20', visitor, '2026-03-10T12'),
      dedupeKey('prog_1', 'bob', visitor, '2026-03-10T12'),
      dedupeKey('prog_1', 'jane20', 'another', '2026-03-10T12'),
      dedupeKey('prog_1', 'jane20', visitor, '2026-03-10T13'),
    ]
    expect(new Set([key, ...others]).size).toBe(5)
  })
})
