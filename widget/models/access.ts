import { batch, signal } from '@preact/signals'
import type { InferOutput } from 'valibot'
import type { PartnerKey } from '../../server/contract/partner-api.ts'
import type { Endpoint as ServersEndpoint } from '../../server/contract/webhooks.ts'
import type { Api } from '../api.ts'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'
import { flag, list, nullable, number, type Reader, shape, text, time, word } from '../reading.ts'
import { acts } from './acts.ts'

export type Key = InferOutput<typeof PartnerKey>
export type Endpoint = Pick<ServersEndpoint, 'id' | 'url' | 'disabled' | 'disabledReason'>
/** What became of a test so far. */
export type Tested = { status: 'pending' | 'delivered' | 'failed'; attempts: { outcome: string; status: number | null }[] }
/** What is shown this one time. */
export type Secret = { of: 'key' | 'endpoint'; text: string }

const KEYS = '/v1/affiliate/api-keys'
const HOOKS = '/v1/affiliate/webhooks'

const keyFields = { id: text, name: text, hint: text, createdAt: time }
const key = shape<Key>(keyFields)
const madeKey = shape<Key & { key: string }>({ ...keyFields, key: text })
const endpointFields = { id: text, url: text, disabled: flag, disabledReason: nullable(word('asked', 'gone', 'failing')) }
const endpoint = shape<Endpoint>(endpointFields)
const madeEndpoint = shape<Endpoint & { secret: string }>({ ...endpointFields, secret: text })
const page = <T>(read: Reader<T>) => shape<{ data: T[] }>({ data: list(read) })
const delivery = shape<Tested & { id: string }>({
  id: text,
  status: word('pending', 'delivered', 'failed'),
  attempts: list(shape<Tested['attempts'][number]>({ outcome: text, status: nullable(number) })),
})

type Around = { emit: Emit; deactivated: () => void; pause?: (ms: number) => Promise<void> }

/** A partner's own API keys and webhook addresses. */
export function access(api: Api, { emit, deactivated, pause = wait }: Around) {
  const all = acts({ emit, deactivated })
  const keys = signal<Key[]>([])
  const endpoints = signal<Endpoint[]>([])
  const place = signal<'loading' | 'shown' | Failure>('loading')
  const secret = signal<Secret | undefined>()
  const tested = signal<Record<string, Tested>>({})

  async function load() {
    place.value = 'loading'
    try {
      const [ofKeys, ofHooks] = await Promise.all([api.ask('GET', `${KEYS}?limit=100`), api.ask('GET', `${HOOKS}?limit=100`)])
      batch(() => {
        keys.value = page(key)(ofKeys).data
        endpoints.value = page(endpoint)(ofHooks).data
        place.value = 'shown'
      })
    } catch (error) {
      const failure = Failure.from(error)
      if (failure.code === 'partner_deactivated') deactivated()
      place.value = failure
      emit('error', { code: failure.code })
    }
  }

  // A test goes out by itself a moment after it was asked for; what came of it is in the log of deliveries.
  async function test(id: string) {
    const { id: sent } = delivery(await api.ask('POST', `${HOOKS}/${encodeURIComponent(id)}/test`))
    for (let look = 0; look < 6; look++) {
      await pause(look ? 1_500 : 400)
      const log = await api.ask('GET', `${HOOKS}/deliveries?limit=20&endpointId=${encodeURIComponent(id)}`)
      const found = page(delivery)(log).data.find(each => each.id === sent)
      if (!found) continue
      tested.value = { ...tested.peek(), [id]: found }
      if (found.attempts.length > 0) return
    }
  }

  return {
    ...all,
    keys,
    endpoints,
    place,
    secret,
    tested,
    load,
    forget() {
      secret.value = undefined
    },
    makeKey: (name: string) =>
      all.run('make key', async () => {
        const { key, ...made } = madeKey(await api.ask('POST', KEYS, { name }))
        batch(() => {
          keys.value = [made, ...keys.peek()]
          secret.value = { of: 'key', text: key }
        })
      }),
    revokeKey: (id: string) =>
      all.run(`revoke ${id}`, async () => {
        await api.ask('DELETE', `${KEYS}/${encodeURIComponent(id)}`)
        keys.value = keys.peek().filter(each => each.id !== id)
      }),
    addEndpoint: (url: string) =>
      all.run('add endpoint', async () => {
        const { secret: signing, ...made } = madeEndpoint(await api.ask('POST', HOOKS, { url }))
        batch(() => {
          endpoints.value = [made, ...endpoints.peek()]
          secret.value = { of: 'endpoint', text: signing }
        })
      }),
    testEndpoint: (id: string) => all.run(`test ${id}`, () => test(id)),
    deleteEndpoint: (id: string) =>
      all.run(`delete ${id}`, async () => {
        await api.ask('DELETE', `${HOOKS}/${encodeURIComponent(id)}`)
        endpoints.value = endpoints.peek().filter(each => each.id !== id)
      }),
  }
}

export type Access = ReturnType<typeof access>

function wait(ms: number) {
  return new Promise<void>(resolve => setTimeout(resolve, ms))
}
