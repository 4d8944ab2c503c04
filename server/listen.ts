import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { type app, problemOf } from './app.ts'
import { LARGEST_BODY } from './body.ts'
import { BadConfig } from './config.ts'
import type { Server } from './door.ts'
import { type AnswerHeaders, click } from './routes/referrals.ts'
import { turns } from './turns.ts'

type Wanted = {
  host: string
  port: number
  server: Server
  log: Logger
  addressOf(peer: string | undefined, forwardedFor: string | undefined): string
}

// Of so many clicks the work takes a few milliseconds. A sale asks the database two dozen things, one after the other: where
// thousands of clicks arrive at once, each of its answers would otherwise stand in line behind all of them.
const CLICKS_AT_ONCE = 100

/** Opens the port. Throws BadConfig where it cannot be had. */
export function listen(fetch: ReturnType<typeof app>['fetch'], { host, port, server, log, addressOf }: Wanted) {
  const others = getRequestListener(fetch as Parameters<typeof getRequestListener>[0])
  const clicks = log.isLevelEnabled('debug') ? null : clickListener(server, log, addressOf)
  const listening = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 },
    (incoming, outgoing) => (clicks && isPlainClick(incoming) ? clicks(incoming, outgoing) : others(incoming, outgoing)),
  )
  return new Promise<typeof listening>((resolve, reject) => {
    listening.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL'
      reject(taken ? new BadConfig(`HOST and PORT take a free address: ${host}:${port} cannot be had (${error.code})`) : error)
    })
    listening.listen(port, host, () => resolve(listening))
  })
}

/** Takes no more connections, lets requests finish, and closes each connection that has none under way. */
export function closed(listening: Awaited<ReturnType<typeof listen>>) {
  return new Promise<void>(resolve => {
    const idle = setInterval(() => listening.closeIdleConnections(), 50)
    listening.close(() => {
      clearInterval(idle)
      resolve()
    })
  })
}

// The request that pages send ten thousand times for each other one goes past the router and its objects: what is asked of
// it and what it answers is the same as there, at two thirds of the cost. Any other form of it takes the usual way.

function isPlainClick({ method, url, headers }: IncomingMessage) {
  return method === 'POST' && url === '/referrals/click' && Number(headers['content-length']) <= LARGEST_BODY
}

function clickListener(server: Server, log: Logger, addressOf: Wanted['addressOf']): RequestListener {
  const turn = turns(CLICKS_AT_ONCE)
  return async (incoming, outgoing) => {
    const own = turn()
    if (own) {
      await own
      // Whoever has not waited for the answer gets none, and takes no time from others.
      if (incoming.destroyed) return
    }
    const headers: AnswerHeaders = {}
    const { remoteAddress } = incoming.socket
    const request = {
      header: (name: string) => incoming.headers[name] as string | undefined,
      text: () => textOf(incoming),
      address: addressOf(remoteAddress, incoming.headers['x-forwarded-for'] as string | undefined),
    }
    try {
      answer(outgoing, 202, headers, await click(request, server, headers))
    } catch (error) {
      if (incoming.errored) return
      const where = { requestId: headers['x-request-id'], route: '/referrals/click', method: 'POST' }
      const problem = problemOf(error, log, where)
      Object.assign(headers, { 'content-type': 'application/problem+json' }, problem.headers)
      answer(outgoing, problem.status, headers, JSON.stringify(problem.body()))
      // What has not been read would be taken for the next request.
      incoming.resume()
    }
  }
}

function answer(outgoing: ServerResponse, status: number, headers: AnswerHeaders, body: string) {
  headers['content-length'] = String(Buffer.byteLength(body))
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

/** A request's body. Node has held it to the length that it gives. */
function textOf(incoming: IncomingMessage) {
  return new Promise<string>((resolve, reject) => {
    let first: Buffer | undefined
    const more: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => {
      if (first) more.push(chunk)
      else first = chunk
    })
    incoming.on('end', () => resolve((more.length ? Buffer.concat([first as Buffer, ...more]) : (first ?? '')).toString()))
    incoming.on('error', reject)
  })
}
