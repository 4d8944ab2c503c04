import { Deck } from './deck.ts'
import { kindOf, request, type Site } from './visitors.ts'

// The other load generator, a process of its own. An open loop: requests are due at a fixed rate, whether those before them
// have been answered or not, and the time of each runs from the moment at which it was due. So an answer that comes late
// makes every request that had to wait for it late too, as it does to visitors, who do not wait for each other to come.

/** What is sent: clicks of new visitors, the same requests in turn, or sales of customers that are there, each a new one. */
export type What =
  | { kind: 'clicks'; site: Site; firstVisitor: number }
  | { kind: 'asks'; texts: string[] }
  | { kind: 'sales'; secret: string; customers: string[]; code: string; prefix: string }

export type Stream = {
  name: string
  what: What
  /** When the first is due, so that streams need not come in step; at once, if not said. */
  firstAfterMs?: number
  /** One after the other. */
  phases: { seconds: number; perSecond: number }[]
  /** At most so many requests are under way at once, each on a connection of its own that is kept. */
  connections: number
  /** How long one that is due waits for a free connection before it is given up; for as long as anybody waits, if not said. */
  queueMs?: number
}

export type PacedTask = { port: number; streams: Stream[]; patienceMs: number }

/** A quarter of a second: how many requests were answered well in it, and how long the slowest of them had taken. */
export type Slice = { good: number; worst: number }

export type Told = {
  name: string
  /** How many were due, and how many of them were sent, because there was a connection for them in time. */
  due: number
  sent: number
  /** Answered with 2xx in time. */
  good: number
  statuses: Record<string, number>
  /** In ms from when it was due, of what was answered with 2xx. */
  p50: number
  p99: number
  worst: number
  slices: Slice[]
}

process.on('message', (task: PacedTask) => {
  run(task).then(told => process.send?.(told))
})
process.once('disconnect', () => process.exit())

async function run({ port, streams, patienceMs }: PacedTask): Promise<Told[]> {
  const startedAt = performance.now()
  const decks = streams.map(stream => new Deck({ port, stream, startedAt, patienceMs, text: textsOf(stream.what) }))
  await new Promise<void>(resolve => {
    function turn() {
      const now = performance.now()
      for (const deck of decks) deck.turn(now)
      if (decks.every(deck => deck.isOver(now))) resolve()
      // What falls due while this sleeps is late by up to a millisecond; not to sleep would take a core from the server.
      else setTimeout(turn, 1)
    }
    turn()
  })
  for (const deck of decks) deck.end()
  return decks.map(deck => deck.told())
}

function textsOf(what: What): (n: number) => string {
  if (what.kind === 'asks') return n => what.texts[n % what.texts.length] as string
  if (what.kind === 'sales') return n => saleOf(what, n)
  return n => {
    const visitor = what.firstVisitor + n
    const kind = kindOf(visitor)
    return request(what.site, visitor, kind === 'repeat' ? 'fresh' : kind, true)
  }
}

function saleOf({ secret, customers, code, prefix }: What & { kind: 'sales' }, n: number) {
  const customerId = customers[n % customers.length]
  const body = JSON.stringify({ externalId: `${prefix}_${n}`, customerId, amount: 5_980, currency: 'EUR', code })
  return `POST /v1/conversions HTTP/1.1\r
host: partners.acme.example\r
x-api-key: ${secret}\r
content-type: application/json\r
content-length: ${body.length}\r
\r
${body}`
}
