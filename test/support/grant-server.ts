import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Call = { key: string; customerId: string; credits: number; reason: string; body: string; headers: Record<string, string> }

/** How the host answers a grant: as it should, or in one of the ways in which things go wrong. */
export type Manner = 'well' | 'done, then dropped' | 'status 500' | 'status 302' | 'dropped' | 'never'

/**
 * A host that is asked to grant credits, and that misbehaves on demand. It keeps to its side: a key that it has granted
 * once is not granted again. `credits` is what its customers have, `calls` is all that it was asked.
 */
export async function grantServer() {
  const calls: Call[] = []
  const granted = new Map<string, { customerId: string; credits: number }>()
  const open = new Set<ServerResponse>()
  const state = { manner: 'well' as Manner | ((call: Call) => Manner) }

  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { grantKey, customerId, credits, reason } = JSON.parse(body)
    const headers = request.headers as Record<string, string>
    const call = { key: grantKey, customerId, credits, reason, body, headers }
    calls.push(call)
    const manner = typeof state.manner === 'function' ? state.manner(call) : state.manner
    if (manner === 'well' || manner === 'done, then dropped') granted.set(grantKey, { customerId, credits })
    if (manner === 'well') reply.writeHead(200).end('{}')
    else if (manner === 'status 500') reply.writeHead(500).end('no')
    else if (manner === 'status 302') reply.writeHead(302, { location: '/elsewhere' }).end()
    else if (manner === 'never') open.add(reply)
    else request.socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/grants`,
    calls,
    behave(manner: typeof state.manner) {
      state.manner = manner
    },
    credits: (customerId: string) =>
      [...granted.values()].filter(each => each.customerId === customerId).reduce((sum, each) => sum + each.credits, 0),
    keys: () => [...granted.keys()],
    /** Lets go of those whom it has kept waiting. */
    release() {
      for (const reply of open) reply.writeHead(500).end()
      open.clear()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export type GrantServer = Awaited<ReturnType<typeof grantServer>>
