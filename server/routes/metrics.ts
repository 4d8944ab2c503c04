import { timingSafeEqual } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { door, type Server } from '../door.ts'
import type { Metrics } from '../metrics.ts'
import { Problem } from '../problem.ts'
import { hashed } from '../program/ids.ts'

/** Figures for Prometheus: for whoever is on this machine itself, and for whoever has the token. */
export function metricsRoute(server: Server, { metrics, token }: { metrics: Metrics; token: string | undefined }) {
  return new Hono().get(
    '/metrics',
    ...door(
      server,
      {
        summary: 'Figures for Prometheus: from this machine, or with METRICS_TOKEN as bearer',
        tag: 'Running it',
        who: ['public'],
        unlimited: true,
        replies: { 200: v.string() },
        media: 'text/plain',
      },
      async ({ c }) => {
        assertMayRead(c, token)
        return c.body(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      },
    ),
  )
}

function assertMayRead(c: Context, token: string | undefined) {
  if (isFromHere(c)) return
  // Without a token there is nothing here for anybody else.
  if (!token) throw new Problem('not_found')
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!given) throw new Problem('no_credential')
  if (!timingSafeEqual(Buffer.from(hashed(given)), Buffer.from(hashed(token)))) throw new Problem('bad_credential')
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

// The socket's own end says where it leads. A proxy on this machine looks the same, but says that it passes something on,
// or names a host by which nobody calls this machine from within.
function isFromHere(c: Context) {
  const peer = (c.env as HttpBindings | undefined)?.incoming?.socket.remoteAddress ?? ''
  if (!isLoopback(peer) || forwarding.some(name => c.req.header(name) !== undefined)) return false
  const host = URL.parse(`http://${c.req.header('host')}`)?.hostname ?? ''
  return host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''))
}

const isLoopback = (address: string) => /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address)
