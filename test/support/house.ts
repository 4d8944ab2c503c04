import { partnerKeyOf, sessionOf } from './acts.ts'
import { newPartner, newProgram, type TestProgram, type TestServer } from './server.ts'

/** A program with one of everything that a path can name. */
export type House = TestProgram & { server: TestServer; session: string; partnerId: string; slug: string; partnerKey: string }

export async function house(server: TestServer): Promise<House> {
  const own = await newProgram(server)
  const { id, slug } = await newPartner(server, own, { slug: 'owner', email: 'owner@example.com' })
  const session = await sessionOf(server, own, { customerId: 'owner', email: 'owner@example.com' })
  const partnerKey = await partnerKeyOf(server, session)
  return { ...own, server, session, partnerId: id, slug, partnerKey }
}
