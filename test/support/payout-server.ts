import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of the first request that would move money to somebody; those after it are answered well. `booked, then …`
 * moves it and then does not say so. `late` moves it only when it is let go. `500` of Stripe's is what its key answers from
 * then on, for a day.
 */
export type Manner =
  | 'well'
  | 'twice'
  | 'garbage'
  | 'refused'
  | 'poor'
  | 'haste'
  | 'locked out'
  | 'hang'
  | 'late'
  | 'cut'
  | '500'
  | `booked, then ${'hang' | 'cut' | '500' | 'garbage'}`

type Answer = { status: number; body: object | string }
export type Booked = {
  payoutId: string
  destination: string
  amount: number | string
  currency: string
  id: string
  key: string
  account: string
}
type Item = Booked & { batch: string; status: string; reads: number }

const DAY_MS = 86_400_000

/**
 * Stripe and PayPal on this machine, as far as payouts go. They keep books as the real ones do: Stripe by idempotency key, which
 * answers the same for a day, PayPal by `sender_batch_id`, of which a second is refused with a link to the first. Where money
 * goes says how they behave: `acct_` or an address that is in `manners`.
 */
export async function payoutServer(clock: () => Date) {
  const manners = new Map<string, Manner>()
  /** What becomes of an item at PayPal, one state for each time that somebody looks, the last for good. */
  const fates = new Map<string, string[]>()
  const transfers: Booked[] = []
  const items: Item[] = []
  const moves: { destination: string; key: string }[] = []
  const secrets: string[] = []
  const replays = new Map<string, { answer: Answer | null; asked: string; at: number }>()
  const met = new Set<string>()
  const held = new Set<{ reply: ServerResponse; answer(): Answer }>()
  let away = false
  let made = 0

  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    secrets.push(request.headers.authorization ?? '')
    if (away) return void reply.writeHead(503).end('away')
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
    const route = `${request.method} ${pathname}`
    if (route === 'POST /v1/transfers') transfer(request, reply, new URLSearchParams(body))
    else if (route === 'POST /v1/payments/payouts') payout(reply, JSON.parse(body), accountOf(request))
    else tell(reply, read(route, request, searchParams))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  function mannerFor(destination: string): Manner {
    const manner = met.has(destination) ? 'well' : (manners.get(destination) ?? 'well')
    met.add(destination)
    return manner
  }

  /** Does as the manner says with a request that books by `book`, and is refused as `refusals` have it. */
  function act(reply: ServerResponse, manner: Manner, book: () => Answer, refusals: Partial<Record<Manner, Answer>>) {
    const failure = { status: 500, body: { error: { type: 'api_error', message: 'Oops' }, name: 'INTERNAL_SERVICE_ERROR' } }
    if (refusals[manner]) return tell(reply, refusals[manner])
    if (manner === 'hang') return void held.add({ reply, answer: () => failure })
    if (manner === 'late') return void held.add({ reply, answer: book })
    if (manner === 'cut') return void reply.socket?.destroy()
    if (manner === '500') return tell(reply, failure)
    const answer = book()
    if (manner === 'booked, then hang') return void held.add({ reply, answer: () => answer })
    if (manner === 'booked, then cut') return void reply.socket?.destroy()
    if (manner === 'booked, then 500') return tell(reply, failure)
    if (manner === 'booked, then garbage' || manner === 'garbage') return tell(reply, { status: 200, body: '<html>' })
    const { socket } = reply
    tell(reply, answer)
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    if (manner === 'twice') socket?.write(`HTTP/1.1 ${answer.status} OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`)
  }

  function transfer(request: IncomingMessage, reply: ServerResponse, asked: URLSearchParams) {
    const key = String(request.headers['idempotency-key'])
    const destination = asked.get('destination') ?? ''
    const account = accountOf(request)
    const name = `${account} ${key}`
    moves.push({ destination, key })
    const before = replays.get(name)
    if (before && clock().getTime() - before.at < DAY_MS) {
      const type = 'idempotency_error'
      if (before.asked !== String(asked)) return tell(reply, error(400, { type, message: 'Keys are for the same parameters' }))
      if (!before.answer) return tell(reply, error(409, { type, code: 'idempotency_key_in_use', message: 'In use' }))
      return tell(reply, before.answer)
    }
    const kept = { answer: null as Answer | null, asked: String(asked), at: clock().getTime() }
    const manner = mannerFor(destination)
    // Not begun, so nothing is kept under the key.
    if (!['haste', 'locked out', 'cut'].includes(manner)) replays.set(name, kept)
    const refusals = {
      refused: error(400, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        message: `No such destination: '${destination}'`,
      }),
      poor: error(400, { type: 'invalid_request_error', code: 'balance_insufficient', message: 'Insufficient funds' }),
      haste: error(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' }),
      'locked out': error(401, { type: 'invalid_request_error', message: 'Expired API Key provided: sk_live_********4242' }),
    }
    const book = () => {
      const id = `tr_${String(++made).padStart(16, '0')}`
      const [amount, currency] = [Number(asked.get('amount')), asked.get('currency') ?? '']
      const payoutId = asked.get('metadata[mislata_payout]') ?? ''
      transfers.push({ payoutId, destination, amount, currency, id, key, account })
      kept.answer = { status: 200, body: shown(transfers.at(-1) as Booked) }
      return kept.answer
    }
    if (manner === '500') kept.answer = error(500, { type: 'api_error', message: 'Oops' })
    else if (manner in refusals) kept.answer = refusals[manner as keyof typeof refusals]
    // Somebody who is kept waiting for nothing has given up the key as well.
    if (manner === 'hang') replays.delete(name)
    act(reply, manner, book, refusals)
  }

  const group = (payoutId: string) => `mislata_${payoutId}`
  const shown = ({ id, amount, currency, destination, payoutId }: Booked) => ({
    ...{ id, object: 'transfer', amount, amount_reversed: 0, currency, destination, reversed: false },
    ...{ transfer_group: group(payoutId), metadata: { mislata_payout: payoutId } },
  })

  type Asked = {
    sender_batch_header: { sender_batch_id: string }
    items: { receiver: string; sender_item_id: string; amount: { value: string; currency: string } }[]
  }

  function payout(
    reply: ServerResponse,
    { sender_batch_header: { sender_batch_id: key }, items: [wanted] }: Asked,
    account: string,
  ) {
    if (!wanted) return tell(reply, { status: 400, body: { name: 'VALIDATION_ERROR', message: 'No items', links: [] } })
    const { receiver: destination, sender_item_id: payoutId, amount } = wanted
    moves.push({ destination, key })
    const earlier = items.find(each => each.key === key && each.account === account)
    if (earlier) {
      const details = [{ field: 'SENDER_BATCH_ID', location: 'body', issue: 'Batch with given sender_batch_id already exists' }]
      const links = [{ href: `https://api.paypal.com/v1/payments/payouts/${earlier.batch}`, rel: 'self', method: 'GET' }]
      return tell(reply, { status: 400, body: { name: 'USER_BUSINESS_ERROR', message: 'User business error.', details, links } })
    }
    const failing = (status: number, name: string, issue: string) => ({
      status,
      body: { name, message: 'Invalid request - see details', details: [{ field: 'items[0].receiver', issue }], links: [] },
    })
    const refusals = {
      refused: failing(400, 'VALIDATION_ERROR', 'Receiver is invalid or does not match with type'),
      poor: failing(422, 'INSUFFICIENT_FUNDS', 'Sender does not have sufficient funds'),
      haste: failing(429, 'RATE_LIMIT_REACHED', 'Too many requests'),
      'locked out': failing(403, 'AUTHORIZATION_ERROR', 'Authorization error occurred'),
    }
    act(
      reply,
      mannerFor(destination),
      () => {
        const [id, batch] = [`ITEM${++made}`, `BATCH${++made}`]
        const { value, currency } = amount
        items.push({ payoutId, destination, amount: value, currency, id, key, account, batch, status: 'PENDING', reads: 0 })
        const header = { payout_batch_id: batch, batch_status: 'PENDING', sender_batch_header: { sender_batch_id: key } }
        return { status: 201, body: { batch_header: header, links: [] } }
      },
      refusals,
    )
  }

  function read(route: string, request: IncomingMessage, query: URLSearchParams): Answer {
    const account = accountOf(request)
    if (route === 'GET /v1/account') {
      if (account.includes('blind'))
        return error(403, { type: 'invalid_request_error', message: 'This key may not read its account' })
      return { status: 200, body: { id: account, object: 'account' } }
    }
    if (route === 'GET /v1/transfers') {
      const found = transfers.filter(each => group(each.payoutId) === query.get('transfer_group') && each.account === account)
      return { status: 200, body: { object: 'list', url: '/v1/transfers', has_more: false, data: found.map(shown) } }
    }
    if (route === 'POST /v1/oauth2/token') {
      if (account.includes('wrong'))
        return { status: 401, body: { error: 'invalid_client', error_description: 'Client Authentication failed' } }
      return { status: 200, body: { access_token: account, token_type: 'Bearer', expires_in: 32_400 } }
    }
    const item = items.find(each => route === `GET /v1/payments/payouts/${each.batch}` && each.account === account)
    if (!item) return { status: 404, body: { name: 'RESOURCE_NOT_FOUND', message: 'There is none' } }
    const fate = fates.get(item.destination) ?? ['SUCCESS']
    item.status = fate[Math.min(item.reads++, fate.length - 1)] ?? 'SUCCESS'
    const { amount: value, currency, payoutId, destination: receiver } = item
    const denied = item.status === 'DENIED'
    const errors = { name: 'RECEIVER_UNREGISTERED', message: `${receiver} has no account` }
    const one = {
      ...{ payout_item_id: item.id, transaction_id: item.id.replace('ITEM', 'TX'), transaction_status: item.status },
      payout_item: { recipient_type: 'EMAIL', amount: { value, currency }, receiver, sender_item_id: payoutId },
      ...(item.status !== 'SUCCESS' && { errors }),
    }
    const header = { payout_batch_id: item.batch, batch_status: denied ? 'DENIED' : 'SUCCESS', sender_batch_header: {} }
    return { status: 200, body: { batch_header: header, items: denied ? [] : [one], links: [] } }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    manners,
    fates,
    /** Every request to move money, booked or not. */
    moves,
    secrets,
    /** What has been moved for a payout, without what came back. */
    booked(payoutId: string): Booked[] {
      const back = ['FAILED', 'RETURNED', 'DENIED', 'REFUNDED']
      const all = [...transfers, ...items.filter(each => !back.includes(each.status))]
      return all.filter(each => each.payoutId === payoutId)
    },
    /** Answers those who have been kept waiting, if they are still there. */
    release() {
      for (const { reply, answer } of held) tell(reply, answer())
      held.clear()
    },
    beAway(is: boolean) {
      away = is
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export type PayoutServer = Awaited<ReturnType<typeof payoutServer>>

/** Whose key it is: what stands behind its last underscore; PayPal's token is its own name. */
function accountOf(request: IncomingMessage) {
  const [kind, value = ''] = (request.headers.authorization ?? '').split(' ')
  const name = kind === 'Basic' ? (Buffer.from(value, 'base64').toString().split(':')[0] ?? '') : value
  return name.startsWith('sk_') || name.startsWith('rk_') ? `acct_${name.split('_').at(-1)}` : name
}

function error(status: number, error: object): Answer {
  return { status, body: { error } }
}

function tell(reply: ServerResponse, { status, body }: Answer) {
  if (reply.destroyed) return
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  reply.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1' }).end(text)
}
