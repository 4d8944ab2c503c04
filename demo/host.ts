import { serve } from '@hono/node-server'
import { type Customer, openBooks } from './site/books.ts'
import { connectMislata } from './site/mislata.ts'
import { site } from './site/routes.ts'

export type HostOptions = {
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
 * Starts the site of Kilnhouse, an invented company that uses Mislata. It answers on `localhost`, which for a
 * browser is another site than Mislata's `127.0.0.1`.
 */
export async function host({ port, api, secretKey, publishableKey, file, people = [] }: HostOptions) {
  const books = openBooks(file, people)
  const mislata = connectMislata({ api, secretKey, books })
  const app = site({ books, mislata, api, publishableKey })

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
