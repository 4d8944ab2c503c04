import { partnerKeyOf, sessionOf } from './acts.ts'
import { newPartner, type TestProgram, type TestServer } from './server.ts'

/** An active partner with a session and a key of its own; `get` and `post` ask with the key. */
export async function keyedPartner(server: TestServer, acme: TestProgram, slug: string) {
  const partner = await newPartner(server, acme, { slug })
  const session = await sessionOf(server, acme, { customerId: `customer-${slug}`, email: partner.email })
  const key = await partnerKeyOf(server, session)
  return {
    ...partner,
    session,
    key,
    get: (path: string, headers?: Record<string, string>) =>
      server.ask('GET', `/api/v1/partners/${path}`, { token: key, ...(headers && { headers }) }),
    post: (path: string, body: unknown) => server.ask('POST', `/api/v1/partners/${path}`, { token: key, body }),
    remove: (path: string) => server.ask('DELETE', `/api/v1/partners/${path}`, { token: key }),
  }
}

export type KeyedPartner = Awaited<ReturnType<typeof keyedPartner>>
