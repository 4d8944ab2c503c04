import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { path: string; headers: IncomingHttpHeaders; text: string; body: any; at: number }
type Answer = number | ((response: ServerResponse, received: Received) => void)

/** Somebody's server, which is told of events and may misbehave: each path answers as it is set to, or 200. */
export async function receiver() {
  const received: Received[] = []
  const answers = new Map<string, Answer>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const one = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text), at: performance.now() }
      received.push(one)
      const answer = answers.get(one.path) ?? 200
      if (typeof answer === 'number') response.writeHead(answer).end()
      else answer(response, one)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    answer: (path: string, answer: Answer) => void answers.set(path, answer),
    /** What has come to a path, once there is that much of it. */
    async at(path: string, count = 1) {
      await until(() => received.filter(each => each.path === path).length >= count, `${count} at ${path}`)
      return received.filter(each => each.path === path)
    },
    /** What has come to a path so far. */
    so: (path: string) => received.filter(each => each.path === path),
    close() {
      server.closeAllConnections()
      return new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof receiver>>

/** Waits for something to become true. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, patienceMs = 15_000) {
  const end = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not come to this: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
