import { Merge } from '../../server/contract/partner-merges.ts'
import { answered } from './replies.ts'
import { signIn, type TestProgram, type TestServer } from './server.ts'

const path = ({ program }: TestProgram, id: string) => `/v1/apps/${program.id}/partners/${id}/merge`

/** Merges one partner into another, as the server answers it. The clock may have ended every session. */
export async function merge(server: TestServer, own: TestProgram, from: { id: string }, into: { id: string }, token = '') {
  return server.ask('POST', path(own, from.id), { token: token || (await signIn(server)), body: { into: into.id } })
}

/** The same, done. */
export async function merged(server: TestServer, own: TestProgram, from: { id: string }, into: { id: string }): Promise<Merge> {
  return answered(await merge(server, own, from, into), 200, Merge)
}

/** What it will mean, as the server answers it. */
export async function preview(server: TestServer, own: TestProgram, from: { id: string }, into: string) {
  return server.ask('GET', `${path(own, from.id)}?into=${into}`, { token: await signIn(server) })
}
