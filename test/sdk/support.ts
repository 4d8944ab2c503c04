import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished } from 'vitest'
import { MislataConnectionError, MislataError } from '../../sdk/index.ts'

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Answer = (reply: ServerResponse, asked: Asked) => unknown

/** A server that answers each request as the next answer says, the last one for ever, and remembers what it was asked. */
export async function misbehaving(...answers: Answer[]) {
  const asked: Asked[] = []
  const server = createServer(async (request, reply) => {
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: await text(request) }
    asked.push(one)
    await answers[Math.min(asked.length, answers.length) - 1]?.(reply, one)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  reply =>
    reply
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))

export const refuses = (status: number, code: string, headers: Record<string, string> = {}) =>
  says(status, { type: `/docs/problems#${code}`, title: 'No', status, detail: 'Because.', code }, headers)

export const hangsUp: Answer = reply => reply.destroy()

/** Says that more is to come than comes. */
export const breaksOff: Answer = reply => {
  reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
  reply.write('{"data":', () => reply.destroy())
}

/** Passes each request on to a server, does with the answer what is next said, and then lets them all through. */
export function proxyTo(url: () => string, ...first: Answer[]) {
  let passed = 0
  return misbehaving(async (reply, { method, path, headers, body }) => {
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers
    const answer = await fetch(url() + path, {
      method,
      headers: kept as Record<string, string>,
      ...(body && { body }),
    })
    const said = await answer.text()
    const own = first[passed++]
    if (own) await own(reply, { method, path, headers, body })
    else reply.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(said)
  })
}

/** The error with which the server refuses. */
export async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable('It was not refused'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(MislataError)
  return error as MislataError
}

/** The error with which nothing was heard. */
export async function silence(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable('It was answered'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(MislataConnectionError)
  return error as MislataConnectionError
}
