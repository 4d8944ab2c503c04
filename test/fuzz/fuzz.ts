import type { Document } from '../../server/openapi/document.ts'
import { replyCheck } from './replies.ts'
import { fuzz } from './run.ts'
import { asked } from './servers.ts'

/** The same random requests to a server on each of the databases. */
export async function fuzzBoth(databases: { name: string; url: string }[], options: { requests: number; seed: number }) {
  const all: Awaited<ReturnType<typeof asked>>[] = []
  try {
    for (const { name, url } of databases) all.push(await asked(name, url))
    const servers = all.map(each => each.server)
    const document = (await (await fetch(`${servers[0]?.url}/openapi.json`)).json()) as Document
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method.toUpperCase()} ${path}`),
    )
    const check = replyCheck(document)
    const before = async (number: number) => {
      for (const each of all) await each.before(number)
    }
    const outcome = await fuzz(servers, document, { ...options, check, before })
    return { ...outcome, never: operations.filter(name => !outcome.good.has(name)) }
  } finally {
    for (const each of all) await each.stop()
  }
}
