import { expect, test } from 'vitest'
import { changes } from '../../server/rules/changes.ts'
import { inMonths, lengthOf } from '../../server/rules/span.ts'

const mark = (text: string) => `<${text.length}>`

test.each([
  ['what is alike is left out', { a: 1, b: [1] }, { a: 1, b: [1] }, { before: {}, after: {} }],
  ['a value that changed', { a: 1 }, { a: 2 }, { before: { a: 1 }, after: { a: 2 } }],
  ['a value that came, and one that went', { a: 1 }, { b: 2 }, { before: { a: 1 }, after: { b: 2 } }],
  [
    'within a group only what changed',
    { g: { a: 1, b: 2 } },
    { g: { a: 1, b: 3 } },
    { before: { g: { b: 2 } }, after: { g: { b: 3 } } },
  ],
  ['a group that came', { g: null }, { g: { a: 1, secret: 's' } }, { before: { g: null }, after: { g: { a: 1 } } }],
  ['a list is one value', { l: [1, 2] }, { l: [1, 3] }, { before: { l: [1, 2] }, after: { l: [1, 3] } }],
  ['a person is marked', { email: 'a@b.c' }, { email: null }, { before: { email: '<5>' }, after: { email: null } }],
  ['also in a group of their own', null, { metadata: { x: 'y' } }, { before: null, after: { metadata: '<9>' } }],
  [
    'secrets are left out',
    null,
    { tokenHash: 'h', secret: 's', oldSecret: 'o', passwordHash: 'p', key: 'k' },
    { before: null, after: {} },
  ],
  [
    'an address that is called is its origin',
    null,
    { grantUrl: 'https://a.example/x?key=1' },
    { before: null, after: { grantUrl: 'https://a.example' } },
  ],
  ['and what is no address is marked', null, { url: 'secret' }, { before: null, after: { url: '<6>' } }],
])('%s', (_, before, after, expected) => {
  expect(changes(before, after, mark)).toEqual(expected)
})

test.each([
  ['2026-02-01', '2026-02-28', { months: { from: '2026-02', to: '2026-02' }, days: [] }],
  ['2026-01-15', '2026-03-31', { months: { from: '2026-02', to: '2026-03' }, days: [{ from: '2026-01-15', to: '2026-01-31' }] }],
  ['2026-01-01', '2026-03-30', { months: { from: '2026-01', to: '2026-02' }, days: [{ from: '2026-03-01', to: '2026-03-30' }] }],
  [
    '2025-12-31',
    '2026-02-01',
    {
      months: { from: '2026-01', to: '2026-01' },
      days: [
        { from: '2025-12-31', to: '2025-12-31' },
        { from: '2026-02-01', to: '2026-02-01' },
      ],
    },
  ],
  ['2026-01-02', '2026-02-27', { months: null, days: [{ from: '2026-01-02', to: '2026-02-27' }] }],
  ['2028-02-01', '2028-02-28', { months: null, days: [{ from: '2028-02-01', to: '2028-02-28' }] }],
  ['2028-02-01', '2028-02-29', { months: { from: '2028-02', to: '2028-02' }, days: [] }],
])('From %s to %s', (from, to, expected) => {
  expect(inMonths({ from, to })).toEqual(expected)
})

test('Every day of a span is in exactly one part, whatever the span', () => {
  for (let start = 0; start < 400; start += 7) {
    for (const length of [1, 2, 27, 28, 31, 32, 59, 62, 100, 365]) {
      const at = (days: number) => new Date(Date.UTC(2027, 11, 1) + days * 86_400_000).toISOString().slice(0, 10)
      const span = { from: at(start), to: at(start + length - 1) }
      const { months, days } = inMonths(span)
      const covered = Array.from({ length: length + 80 }, (_, i) => at(start - 40 + i)).filter(
        day =>
          days.some(each => day >= each.from && day <= each.to) ||
          (months && day.slice(0, 7) >= months.from && day.slice(0, 7) <= months.to),
      )
      expect([span, covered.length, covered[0], covered.at(-1)]).toEqual([span, lengthOf(span), span.from, span.to])
      expect(days.reduce((sum, each) => sum + lengthOf(each), 0)).toBeLessThanOrEqual(length)
    }
  }
})
