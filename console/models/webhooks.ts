import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type * as v from 'valibot'
import { EventName } from '../../server/contract/events.ts'
import type {
  Delivery as DeliveryReply,
  Endpoint as EndpointReply,
  MadeEndpoint,
  Replayed,
} from '../../server/contract/webhooks.ts'
import { ask } from '../api.ts'
import { type Answers, acts } from './acts.ts'
import type { List } from './list.ts'
import { app } from './session.ts'
import { askFirst } from './telling.ts'

export type Endpoint = EndpointReply
export type Delivery = DeliveryReply
export type Made = v.InferOutput<typeof MadeEndpoint>

export const statusNames: Record<Delivery['status'], string> = { pending: 'On its way', delivered: 'Delivered', failed: 'Failed' }

/** What an endpoint can be told of. */
export const eventNames = EventName.options.filter(name => name !== 'endpoint.test')

const path = (rest = '') => app(`/webhooks${rest}`)

/** A form's answers as the server takes them. */
function bodyOf(answers: Answers) {
  const chosen = eventNames.filter(name => answers[`event ${name}`])
  return {
    url: answers.url,
    events: answers.events === 'all' ? ['*'] : chosen,
    slowRetries: answers.slowRetries === 'on',
  }
}

export const create = (answers: Answers) => ask<Made>('POST', path(), { body: bodyOf(answers) })
export const change = (id: string, answers: Answers) => ask<Endpoint>('PATCH', path(`/${id}`), { body: bodyOf(answers) })
export const pause = (id: string, disabled: boolean) => ask<Endpoint>('PATCH', path(`/${id}`), { body: { disabled } })
export const test = (id: string) => ask<Delivery>('POST', path(`/${id}/test`), { body: {} })

/** Asks, and makes another secret; the old one signs as well for a while. */
export async function rotate({ id, url }: Endpoint): Promise<Made | undefined> {
  let made: Made | undefined
  await askFirst({
    title: 'Replace the secret?',
    text: `${url} gets signatures by the old and by the new one for a day. Put the new one in before that is over.`,
    verb: 'Replace it',
    act: async () => {
      made = await ask<Made>('POST', path(`/${id}/rotate-secret`), { body: {} })
    },
  })
  return made
}

export const remove = ({ id, url }: Endpoint) =>
  askFirst({
    title: `Delete ${url}?`,
    text: 'It is told of nothing more, and what was sent to it is no longer listed.',
    verb: 'Delete it',
    danger: true,
    act: () => ask('DELETE', path(`/${id}`)),
  })

/** Sends one event to one endpoint again. */
export const replayOne = (id: string) => ask<Delivery>('POST', path(`/deliveries/${id}/replay`), { body: {} })

/** Everything of a span again, two hundred events at a time; how far that has come. */
function replaying() {
  const own = acts()
  const done = signal<number | undefined>(undefined)
  const isOver = signal(false)
  const run = ({ from = '', to = '', endpointId }: Answers) =>
    own.run('replay', async () => {
      isOver.value = false
      done.value = undefined
      const body = { from: utc(from), to: utc(to), ...(endpointId && { endpointId }) }
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const answer: v.InferOutput<typeof Replayed> = await ask('POST', path('/replay'), {
          body: cursor ? { ...body, cursor } : body,
        })
        done.value = (done.peek() ?? 0) + answer.replayed
        cursor = answer.nextCursor
      }
      isOver.value = true
    })
  return { acts: own, done, isOver, run }
}

export const useReplaying = () => useMemo(replaying, [])

// What a field for a time holds is the reader's own time, without a zone.
const utc = (local: string) => (local ? new Date(local).toISOString() : '')

const AGAIN_MS = 2_000

/** Looks again for as long as something that is shown is to be sent within moments. */
export function useFresh(list: List<Delivery>) {
  useEffect(() => {
    const timer = setInterval(() => {
      const rows = list.rows.peek() ?? []
      const isSoon = ({ status, nextAttemptAt }: Delivery) =>
        status === 'pending' && !!nextAttemptAt && Date.parse(nextAttemptAt) < Date.now() + AGAIN_MS
      // More than one page is not read again under somebody's eyes.
      if (rows.length <= list.size && rows.some(isSoon) && document.visibilityState === 'visible')
        void list.load({ quietly: true })
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [list])
}
