import { serve } from '@hono/node-server'
import { type Customer, openBooks } from './backend/books.ts'
import { connectMislata } from './backend/mislata.ts'
import { hexrack } from './sites/hexrack/routes.ts'
import { kilnhouse } from './sites/kilnhouse/routes.ts'
import { warraq } from './sites/warraq/routes.ts'

/** The three sites: a calm one, a dark and dense one, and one that reads from right to left like a printed page. */
export const sites = { kilnhouse, hexrack, warraq }
export type SiteName = keyof typeof sites

export type HostOptions = {
  site?: SiteName
  /** 0 takes any free port. */
  port: number
  /** Where Mislata answers, such as `http://127.0.0.1:8787`. */
  api: string
  secretKey: string
  publishableKey: string
  /** Where the site keeps its records; without it they end with the process. */
  file?: string
  /** Customers that the site has from the beginning. */
  people?: Customer[]
}

const RETRY_MS = 30_000

/**
 * Starts the site of an invented company that uses Mislata, by default Kilnhouse's. It answers on `localhost`, which for
 * a browser is another site than Mislata's `127.0.0.1`.
 */
export async function host({ site = 'kilnhouse', port, api, secretKey, publishableKey, file, people = [] }: HostOptions) {
  const books = openBooks(file, people)
  const mislata = connectMislata({ name: site, api, secretKey, books })
  const app = sites[site]({ books, mislata, api, publishableKey })

  const listening = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, info => resolve({ server, port: info.port }))
    server.once('error', reject)
  })

  void mislata.report()
  const retry = setInterval(mislata.report, RETRY_MS)

  return {
    url: `http://localhost:${listening.port}`,
    async close() {
      clearInterval(retry)
      const { server } = listening
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
      await mislata.quiet()
    },
  }
}
