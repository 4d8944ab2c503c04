import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { vi } from 'vitest'
import {
  type Delivery,
  DeliveryList,
  Delivery as DeliveryReply,
  Endpoint as EndpointReply,
  EventList,
  MadeEndpoint,
} from '../../server/contract/webhooks.ts'
import { type Received, until } from './receiver.ts'
import { answered } from './replies.ts'
import type { TestProgram, TestServer } from './server.ts'

/** Who asks, and where: a program with its secret key, or a partner with its session. */
export type Asking = { server: TestServer; base: string; as: { key?: string; token?: string } }

export const ofProgram = (server: TestServer, { program, secret }: TestProgram): Asking => ({
  server,
  base: `/v1/apps/${program.id}/webhooks`,
  as: { key: secret },
})
export const ofPartner = (server: TestServer, token: string): Asking => ({
  server,
  base: '/v1/affiliate/webhooks',
  as: { token },
})

export function ask({ server, base, as }: Asking, method: string, path = '', body?: object) {
  return server.ask(method, base + path, { ...as, body })
}

export async function newEndpoint(asking: Asking, wanted: Record<string, unknown>) {
  return answered(await ask(asking, 'POST', '', wanted), 201, MadeEndpoint)
}

export async function changeEndpoint(asking: Asking, id: string, change: object) {
  return answered(await ask(asking, 'PATCH', `/${id}`, change), 200, EndpointReply)
}

export async function endpointOf(asking: Asking, id: string) {
  const { body } = await ask(asking, 'GET', '?limit=100')
  return answered(
    { ...(await ask(asking, 'GET')), body: body.data.find((each: { id: string }) => each.id === id) },
    200,
    EndpointReply,
  )
}

export async function sendTest(asking: Asking, id: string) {
  return answered(await ask(asking, 'POST', `/${id}/test`), 201, DeliveryReply)
}

export async function deliveriesOf(asking: Asking, query = '') {
  return answered(await ask(asking, 'GET', `/deliveries${query}`), 200, DeliveryList).data
}

export async function eventsOf(asking: Asking, query = '') {
  return answered(await ask(asking, 'GET', `/events${query}`), 200, EventList).data
}

/** A delivery, once it has come to where it `is`. */
export async function delivery(asking: Asking, id: string, is: (delivery: Delivery) => boolean, patienceMs?: number) {
  let found: Delivery | undefined
  await until(
    async () => {
      found = (await deliveriesOf(asking, '?limit=100')).find(each => each.id === id)
      return !!found && is(found)
    },
    `delivery ${id}`,
    patienceMs,
  )
  return found as unknown as Delivery
}

/** As the Partner API documents it. */
export function verifyWebhook(payload: string, signature: unknown, secret: string) {
  const expected = createHmac('sha256', secret).update(payload).digest('hex')
  return signature === `sha256=${expected}`
}

/** True where the Standard Webhooks library accepts it, on a machine on which it is `now`. */
export function standardAccepts({ text, headers }: Received, secret: string, now: Date) {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now.getTime())
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>)
    return true
  } catch {
    return false
  } finally {
    clock.mockRestore()
  }
}
