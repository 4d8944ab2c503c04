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
import * as replays from '../../program/replays.ts'
import * as webhooks from '../../program/webhooks.ts'
import type { Program } from '../../store/programs.ts'
import { deliveryList, deliveryShown, endpointList, endpointShown, eventList } from './webhook-shown.ts'

const tag = 'Webhooks'

/** A program's webhook endpoints, what happened, and what became of telling it. */
export function webhookRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/webhooks',
      ...door(
        server,
        {
          summary: 'List webhook endpoints',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          query: CursorQuery,
          replies: { 200: EndpointList },
        },
        async ({ c, desk, program, query }) => {
          return c.json(await endpointList(desk, sideOf(program), query))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/webhooks',
      ...door(
        server,
        {
          summary: 'Make a webhook endpoint',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          body: NewEndpoint,
          replies: { 201: MadeEndpoint },
        },
        async ({ c, desk, program, body }) => {
          const { endpoint, secret } = await webhooks.create(desk, sideOf(program), body)
          return c.json({ ...endpointShown(endpoint), secret }, 201)
        },
      ),
    )
    .get(
      '/v1/apps/:appId/webhooks/events',
      ...door(
        server,
        {
          summary: 'List events',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          query: EventQuery,
          replies: { 200: EventList },
        },
        async ({ c, desk, program, query }) => {
          return c.json(await eventList(desk, sideOf(program), query))
        },
      ),
    )
    .get(
      '/v1/apps/:appId/webhooks/deliveries',
      ...door(
        server,
        {
          summary: 'List deliveries',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          query: DeliveryQuery,
          replies: { 200: DeliveryList },
        },
        async ({ c, desk, program, query }) => {
          return c.json(await deliveryList(desk, sideOf(program), query))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/webhooks/deliveries/:id/replay',
      ...door(
        server,
        { summary: 'Send an event again', tag, who: ['admin', 'secret'], inProgram: true, replies: { 200: Delivery } },
        async ({ c, desk, program }) => {
          const delivery = await replays.replayOne(desk, sideOf(program), idFrom(c, 'id'))
          return c.json(await deliveryShown(desk, delivery))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/webhooks/replay',
      ...door(
        server,
        {
          summary: 'Send all events of a span again',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          body: Replay,
          replies: { 200: Replayed },
        },
        async ({ c, desk, program, body }) => {
          return c.json(await replays.replaySpan(desk, sideOf(program), body))
        },
      ),
    )
    .patch(
      '/v1/apps/:appId/webhooks/:id',
      ...door(
        server,
        {
          summary: 'Change a webhook endpoint',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          body: EndpointChange,
          replies: { 200: Endpoint },
        },
        async ({ c, desk, program, body }) => {
          return c.json(endpointShown(await webhooks.change(desk, sideOf(program), idFrom(c, 'id'), body)))
        },
      ),
    )
    .delete(
      '/v1/apps/:appId/webhooks/:id',
      ...door(
        server,
        { summary: 'Delete a webhook endpoint', tag, who: ['admin', 'secret'], inProgram: true, replies: { 200: Endpoint } },
        async ({ c, desk, program }) => {
          return c.json(endpointShown(await webhooks.remove(desk, sideOf(program), idFrom(c, 'id'))))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/webhooks/:id/test',
      ...door(
        server,
        {
          summary: 'Send a test event to an endpoint',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          replies: { 201: Delivery },
        },
        async ({ c, desk, program }) => {
          const delivery = await webhooks.test(desk, sideOf(program), idFrom(c, 'id'))
          return c.json(await deliveryShown(desk, delivery), 201)
        },
      ),
    )
    .post(
      '/v1/apps/:appId/webhooks/:id/rotate-secret',
      ...door(
        server,
        {
          summary: 'Replace the secret of an endpoint',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          replies: { 200: MadeEndpoint },
        },
        async ({ c, desk, program }) => {
          const { endpoint, secret } = await webhooks.rotateSecret(desk, sideOf(program), idFrom(c, 'id'))
          return c.json({ ...endpointShown(endpoint), secret })
        },
      ),
    )
}

const sideOf = (program: Program) => ({ program, partnerId: null })
