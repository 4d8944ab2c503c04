import { describe, expect, test } from 'vitest'
import { program } from '../../widget/api.ts'
import { Failure } from '../../widget/failure.ts'
import { colour, currency, link, list, nullable, number, optional, shape, text, time, word } from '../../widget/reading.ts'
import { runsOut, subjectOf } from '../../widget/token.ts'

describe('What came over the wire', () => {
  test.each<[string, (value: unknown) => unknown, unknown, unknown]>([
    ['a text', text, 'Acme', 'Acme'],
    ['nothing for a text that may be absent', nullable(text), null, null],
    ['nothing for a text that may be left out', optional(text), undefined, undefined],
    ['a list', list(number), [1, 2], [1, 2]],
    ['a shape, of which the rest is left', shape<{ a: number }>({ a: number }), { a: 1, b: 2 }, { a: 1 }],
    ['one of some words', word('last', 'first'), 'last', 'last'],
    ['a link', link, 'https://acme.test/a', 'https://acme.test/a'],
    ['no link for a script', link, 'javascript:alert(1)', ''],
    ['no link for an object', link, {}, ''],
    ['a colour', colour, '#0f766e', '#0f766e'],
    ['no colour for what a style could load', colour, 'url(https://evil.test)', ''],
  ])('is taken as %s', (_, read, value, taken) => {
    expect(read(value)).toEqual(taken)
  })

  test.each<[string, (value: unknown) => unknown, unknown]>([
    ['an object for a text', text, { type: 'img' }],
    ['a list for a text', text, ['Acme']],
    ['a text for a number', number, '1'],
    ['no number', number, Number.NaN],
    ['an object for a list', list(text), { length: 1 }],
    ['nothing for a shape that must be', shape<{ a: number }>({ a: number }), null],
    ['a word that is not known', word('last', 'first'), 'middle'],
    ['a currency that a formatter would choke on', currency, 'EURO'],
    ['a day that does not exist', time, 'yesterday'],
    ['a program without its settings', program, { name: 'Acme' }],
  ])('is refused: %s', (_, read, value) => {
    expect(() => read(value)).toThrow(new Failure('unexpected_reply'))
  })
})

describe('A token', () => {
  const token = (claims: object) =>
    `e30.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.c2ln`

  test('is somebody’s, however often it is renewed', () => {
    expect(subjectOf(token({ sub: 'cus_1', exp: 1 }))).toBe('cus_1')
    expect(subjectOf(token({ sub: 'cus_1', exp: 2, name: 'Ærøskøbing?>' }))).toBe('cus_1')
    expect(subjectOf('opaque')).toBe('opaque')
  })

  test('runs out half a minute early, if it says when at all', () => {
    const now = 1_800_000_000_000
    expect(runsOut(token({ exp: 1_800_000_029 }), now)).toBe(true)
    expect(runsOut(token({ exp: 1_800_000_031 }), now)).toBe(false)
    expect([token({}), 'opaque', 'a.%%%.c', ''].map(each => runsOut(each, now))).toEqual([false, false, false, false])
  })
})
