import { expect, test } from 'vitest'
import { eventBody, MAX_BYTES } from '../../server/rules/event-body.ts'

const event = { id: 'evt_1', event: 'application.created', created_at: '2026-03-10T12:00:00.000Z' }

test.each([
  ['one long text', { reason: '🦊'.repeat(30_000) }],
  ['many', Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`text${at}`, 'é'.repeat(2_000)]))],
  ['more fields than there is room for', Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`field${at}`, at]))],
])('An event with %s weighs 20 KB at most and is still JSON', (_, data) => {
  const text = eventBody({ ...event, data: { ...data, sequence: 1 } })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES)
  expect(text.isWellFormed()).toBe(true)
  expect(JSON.parse(text)).toMatchObject({ ...event, data: { sequence: 1 } })
})

test('What has room stays as it is, and of the rest short texts stay whole', () => {
  const data = { name: 'Zoë', reason: 'x'.repeat(50_000), sequence: 1 }
  const short = { ...data, reason: 'short' }
  expect(JSON.parse(eventBody({ ...event, data: short })).data).toEqual(short)
  const cut = JSON.parse(eventBody({ ...event, data })).data
  expect(cut.name).toBe('Zoë')
  expect(cut.reason).toMatch(/^x{1000,}…$/)
})
