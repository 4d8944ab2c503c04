import { Hono } from 'hono'
import { CursorQuery } from '../../contract/paging.ts'
import {
  Delivery,
  DeliveryList,
  DeliveryQuery,
  Endpoint,
  EndpointChange,
  EndpointList,
  EventList,
  EventQuery,
  MadeEndpoint,
  NewEndpoint,
  Replay,
  Replayed,
} from '../../contract/webhooks.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import type { Desk } from '../../program/desk.ts'
import * as replays from '../../program/replays.ts'
import * as webhooks from '../../program/webhooks.ts'
import type { Customer } from '../../store/customers.ts'
import * as partners from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'
import { deliveryList, deliveryShown, endpointList, endpointShown, eventList } from './webhook-shown.ts'

const tag = 'Partner programme'

/** A partner's own webhook endpoints: told of what is about this partner, and of no more than a partner may know. */
export function affiliateWebhooks(server: Server) {
  return new Hono()
    .get(
      '/v1/affiliate/webhooks',
      ...door(
        server,
        {
          summary: "List one's own webhook endpoints",
          tag,
          who: ['session'],
          query: CursorQuery,
          replies: { 200: EndpointList },
        },
        async ({ c, desk, program, caller, query }) => {
          return c.json(await endpointList(desk, await sideOf(desk, program, caller), query))
        },
      ),
    )
    .post(
      '/v1/affiliate/webhooks',
      ...door(
        server,
        { summary: "Make one's own webhook endpoint", tag, who: ['session'], body: NewEndpoint, replies: { 201: MadeEndpoint } },
        async ({ c, desk, program, caller, body }) => {
          const { endpoint, secret } = await webhooks.create(desk, await sideOf(desk, program, caller), body)
          return c.json({ ...endpointShown(endpoint), secret }, 201)
        },
      ),
    )
    .get(
      '/v1/affiliate/webhooks/events',
      ...door(
        server,
        { summary: "List one's own events", tag, who: ['session'], query: EventQuery, replies: { 200: EventList } },
        async ({ c, desk, program, caller, query }) => {
          return c.json(await eventList(desk, await sideOf(desk, program, caller), query))
        },
      ),
    )
    .get(
      '/v1/affiliate/webhooks/deliveries',
      ...door(
        server,
        { summary: "List one's own deliveries", tag, who: ['session'], query: DeliveryQuery, replies: { 200: DeliveryList } },
        async ({ c, desk, program, caller, query }) => {
          return c.json(await deliveryList(desk, await sideOf(desk, program, caller), query))
        },
      ),
    )
    .post(
      '/v1/affiliate/webhooks/deliveries/:id/replay',
      ...door(
        server,
        { summary: "Send one's own event again", tag, who: ['session'], replies: { 200: Delivery } },
        async ({ c, desk, program, caller }) => {
          const delivery = await replays.replayOne(desk, await sideOf(desk, program, caller), idFrom(c, 'id'))
          return c.json(await deliveryShown(desk, delivery))
        },
      ),
    )
    .post(
      '/v1/affiliate/webhooks/replay',
      ...door(
        server,
        { summary: "Send all one's own events of a span again", tag, who: ['session'], body: Replay, replies: { 200: Replayed } },
        async ({ c, desk, program, caller, body }) => {
          return c.json(await replays.replaySpan(desk, await sideOf(desk, program, caller), body))
        },
      ),
    )
    .patch(
      '/v1/affiliate/webhooks/:id',
      ...door(
        server,
        { summary: "Change one's own webhook endpoint", tag, who: ['session'], body: EndpointChange, replies: { 200: Endpoint } },
        async ({ c, desk, program, caller, body }) => {
          return c.json(endpointShown(await webhooks.change(desk, await sideOf(desk, program, caller), idFrom(c, 'id'), body)))
        },
      ),
    )
    .delete(
      '/v1/affiliate/webhooks/:id',
      ...door(
        server,
        { summary: "Delete one's own webhook endpoint", tag, who: ['session'], replies: { 200: Endpoint } },
        async ({ c, desk, program, caller }) => {
          return c.json(endpointShown(await webhooks.remove(desk, await sideOf(desk, program, caller), idFrom(c, 'id'))))
        },
      ),
    )
    .post(
      '/v1/affiliate/webhooks/:id/test',
      ...door(
        server,
        { summary: "Send a test event to one's own endpoint", tag, who: ['session'], replies: { 201: Delivery } },
        async ({ c, desk, program, caller }) => {
          const delivery = await webhooks.test(desk, await sideOf(desk, program, caller), idFrom(c, 'id'))
          return c.json(await deliveryShown(desk, delivery), 201)
        },
      ),
    )
    .post(
      '/v1/affiliate/webhooks/:id/rotate-secret',
      ...door(
        server,
        { summary: "Replace the secret of one's own endpoint", tag, who: ['session'], replies: { 200: MadeEndpoint } },
        async ({ c, desk, program, caller }) => {
          const { endpoint, secret } = await webhooks.rotateSecret(desk, await sideOf(desk, program, caller), idFrom(c, 'id'))
          return c.json({ ...endpointShown(endpoint), secret })
        },
      ),
    )
}

// Read at every request: a partner that has been deactivated is shut out from the next one on.
async function sideOf(desk: Desk, program: Program, { customer }: { customer: Customer }) {
  const partner = await partners.byCustomer(desk.database.db, program.id, customer.id)
  if (!partner) throw new Problem('not_a_partner')
  if (partner.deactivatedAt) throw new Problem('partner_deactivated')
  if (!partner.activatedAt) throw new Problem('partner_not_active')
  return { program, partnerId: partner.id }
}
