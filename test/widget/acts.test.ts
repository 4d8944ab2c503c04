import { describe, expect, test } from 'vitest'
import type { Api } from '../../widget/api.ts'
import { Failure } from '../../widget/failure.ts'
import { access } from '../../widget/models/access.ts'
import { acts } from '../../widget/models/acts.ts'
import { plot, pointsOf } from '../../widget/models/plot.ts'
import { pictureIn } from '../../widget/models/sharing.ts'
import { delivery, endpoint, madeKey, page, partnerKey, picture, series } from './replies.ts'

describe('An act', () => {
  function begin() {
    const log: string[] = []
    const around = {
      emit: (name: string, detail: object) => void log.push(`${name} ${JSON.stringify(detail)}`),
      deactivated: () => void log.push('deactivated'),
    }
    return { log, ...acts(around as Parameters<typeof acts>[0]) }
  }

  test('is done one at a time', async () => {
    const { run, doing } = begin()
    const { promise, resolve } = Promise.withResolvers<void>()
    const first = run('a', () => promise)
    expect(doing.value).toBe('a')
    let ran = false
    const second = async () => {
      ran = true
    }
    expect(await run('b', second)).toBe(false)
    expect(ran).toBe(false)
    resolve()
    expect(await first).toBe(true)
    expect([doing.value, await run('b', second), ran]).toEqual(['', true, true])
  })

  test('that is refused says so until the next one, and what was asked about stays open', async () => {
    const { run, ask, asking, refused, log } = begin()
    ask('a')
    expect(await run('a', () => Promise.reject(new Failure('too_many_keys')))).toBe(false)
    expect([refused.value?.act, refused.value?.failure.code, asking.value]).toEqual(['a', 'too_many_keys', 'a'])
    expect(log).toEqual(['error {"code":"too_many_keys"}'])
    expect(await run('a', async () => {})).toBe(true)
    expect([refused.value, asking.value]).toEqual([undefined, ''])
  })

  test('of somebody who was deactivated tells the dashboard', async () => {
    const { run, log } = begin()
    await run('a', () => Promise.reject(new Failure('partner_deactivated')))
    expect(log).toContain('deactivated')
  })
})

describe('Access', () => {
  function begin(replies: Record<string, unknown[]>) {
    const asked: string[] = []
    const api = {
      async ask(method: string, path: string) {
        const route = `${method} ${path.replace(/\?.*/, '')}`
        asked.push(route)
        const list = replies[route] ?? []
        return list.length > 1 ? list.shift() : list[0]
      },
    } as Pick<Api, 'ask'> as Api
    const pauses: number[] = []
    const pause = async (ms: number) => void pauses.push(ms)
    return { asked, pauses, access: access(api, { emit: () => {}, deactivated: () => {}, pause }) }
  }

  test('holds a new key’s text until it is forgotten, and the key without it', async () => {
    const { access } = begin({
      'GET /v1/affiliate/api-keys': [page(partnerKey())],
      'GET /v1/affiliate/webhooks': [page(endpoint())],
      'POST /v1/affiliate/api-keys': [madeKey()],
    })
    await access.load()
    await access.makeKey('Sheet')
    expect(access.secret.value).toEqual({ of: 'key', text: madeKey().key })
    expect(JSON.stringify(access.keys.value)).not.toContain(madeKey().key)
    access.forget()
    expect(access.secret.value).toBeUndefined()
  })

  test('looks for what became of a test until there was an attempt, and not for ever', async () => {
    const test = 'POST /v1/affiliate/webhooks/whk_1/test'
    const log = 'GET /v1/affiliate/webhooks/deliveries'
    const done = delivery('delivered', [{ outcome: 'ok', status: 200 }])
    const soon = begin({ [test]: [delivery('pending')], [log]: [page(), page(delivery('pending')), page(done)] })
    await soon.access.testEndpoint('whk_1')
    expect(soon.access.tested.value.whk_1?.status).toBe('delivered')
    expect(soon.pauses).toEqual([400, 1500, 1500])

    const never = begin({ [test]: [delivery('pending')], [log]: [page(delivery('pending'))] })
    await never.access.testEndpoint('whk_1')
    expect(never.asked.filter(route => route === log)).toHaveLength(6)
    expect(never.access.doing.value).toBe('')
  })

  test('that answers something else has failed', async () => {
    const { access } = begin({ 'GET /v1/affiliate/api-keys': [{ data: 'none' }], 'GET /v1/affiliate/webhooks': [page()] })
    await access.load()
    expect(access.place.value).toBeInstanceOf(Failure)
  })
})

test('A picture is its size and its path, and nothing that came with it', () => {
  expect(pictureIn(picture())).toMatchObject({ size: 37, path: expect.stringMatching(/^M4 4h7v1h-7z/) })
  for (const other of [
    '',
    '<svg viewBox="0 0 37 36"><path d="M0 0h1"/></svg>',
    '<svg viewBox="0 0 37 37"><path d="url(x)"/></svg>',
  ])
    expect(() => pictureIn(other)).toThrow(Failure)
})

test.each([
  ['conversions', 'M1000 100v-40'],
  ['signups', 'M0 100v-20M1000 100v-40'],
  ['earned', 'M0 100v-40'],
] as const)('The bars are those of %s, on a scale of their own', (beside, bars) => {
  const days = [
    { date: '2026-11-20', clicks: 900, signups: 1, conversions: 0, earned: 0.5 },
    { date: '2026-11-21', clicks: 0, signups: 2, conversions: 3, earned: 0 },
  ]
  expect(plot(pointsOf(days), beside)?.bars).toBe(bars)
})

test('Signups alone are something to see', () => {
  const quiet = { clicks: 0, conversions: 0, earned: 0 }
  const drawn = (signups: number) => plot(pointsOf(series(7, () => ({ ...quiet, signups }))))
  expect([drawn(0)?.isEmpty, drawn(1)?.isEmpty]).toEqual([true, false])
})
