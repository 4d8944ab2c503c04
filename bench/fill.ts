import { sql } from 'kysely'
import { foldCode } from '../server/rules/code.ts'
import { contentHash } from '../server/rules/journal-chain.ts'
import { dedupeKey } from '../server/rules/visitor.ts'
import { openBeside } from '../server/store/database.ts'
import { type Sink, sinkFor, type Value } from './sinks.ts'
import { sums } from './sums.ts'
import { chance, idAt, ranks, year } from './world.ts'

/** What a filled database holds. Its partners are customers too: `member_0` of the partner with the most clicks, and so on. */
export type Filled = { codes: string[]; rows: number; bytes: number }

type Wanted = {
  clicks: number
  partners: number
  /** For what lies there in between. */
  folder: string
  programId: string
  /** The end of the year that it holds. */
  now?: number
  say(done: number): void
}

const SIGNUP_EVERY = 50
const SALE_EVERY = 2
const BLOCK = 50_000
const HELD_DAYS = 30
const DAY_MS = 86_400_000

const tables = {
  customers: ['id', 'program_id', 'external_id', 'email', 'email_fold', 'name', 'created_at'],
  partners: ['id', 'program_id', 'customer_id', 'email', 'email_fold', 'slug', 'search_text', 'created_at', 'activated_at'],
  codes: ['program_id', 'code_fold', 'code', 'partner_id', 'created_at'],
  referrals: [
    'id',
    'program_id',
    'customer_id',
    'partner_id',
    'code',
    'click_id',
    'campaign',
    'terms',
    'created_at',
    'qualified_at',
  ],
  sales: ['program_id', 'external_id'],
  conversions: [
    ...['id', 'program_id', 'external_id', 'payload_hash', 'customer_id', 'referral_id', 'amount', 'tax', 'discount', 'currency'],
    ...['product_id', 'occurred_at', 'created_at', 'reply', 'partner_id'],
  ],
  commissions: [
    ...['id', 'program_id', 'partner_id', 'referral_id', 'conversion_id', 'period', 'amount', 'currency', 'product_id', 'why'],
    ...['occurred_at', 'available_at', 'created_at'],
  ],
  journal_transactions: ['id', 'program_id', 'key', 'kind', 'at', 'created_at'],
  journal_entries: [
    ...[
      'transaction_id',
      'position',
      'program_id',
      'account',
      'partner_id',
      'commission_id',
      'currency',
      'amount',
      'available_at',
    ],
  ],
  journal_waiting: ['program_id', 'transaction_id', 'content'],
  recent_clicks: ['dedupe', 'click_id', 'at'],
  clicks: ['id', 'program_id', 'partner_id', 'code', 'visitor', 'at', 'day', 'url', 'referrer', 'campaign', 'ignored'],
}
type Table = keyof typeof tables

const referrers = ['blog.example', 'news.example', 'video.example', 'forum.example', 'search.example', null]

/**
 * Fills a database that a server has made, and that no server has open, with a year of clicks and what came of them: one
 * signup for fifty, one sale for a hundred, with its commission, its lines in the journal and all counts that are kept.
 * What it takes its terms and explanations from is a sale of another program that is there already.
 */
export async function fill(url: string, { clicks, partners, folder, programId, say, now = Date.now() }: Wanted): Promise<Filled> {
  const { terms, why, reply, timeZone } = await exampleIn(url, programId)
  const { moment, dayAt, names, from } = year(now, timeZone)
  const counted = sums(programId, partners)
  const rankOf = ranks(partners)
  const random = chance()
  const buffers = Object.fromEntries(Object.keys(tables).map(table => [table, []])) as unknown as Record<Table, Value[][]>
  const sink = await sinkFor(url, folder)
  // SQLite's server has in memory who clicked within the hour.
  const isOnDisk = !url.startsWith('sqlite:')
  let rows = 0

  const since = iso(from)
  const ids = Array.from({ length: partners }, (_, rank) => idAt('par', from, rank))
  const codes = Array.from({ length: partners }, (_, rank) => `MEMBER${rank}`)
  const customers = Array.from({ length: partners }, (_, rank) => `member_${rank}`)
  for (const [rank, id] of ids.entries()) {
    const email = `member${rank}@partners.example`
    const customer = idAt('cus', from, rank)
    const code = codes[rank] as string
    buffers.customers.push([customer, programId, customers[rank] as string, email, email, `Member ${rank}`, since])
    buffers.partners.push([id, programId, customer, email, email, code, `${email}\n\n${foldCode(code)}`, since, since])
    buffers.codes.push([programId, foldCode(code), code, id, since])
  }

  for (let n = 0; n < clicks; n++) {
    const ms = moment(n, clicks)
    const at = iso(ms)
    const dayNumber = dayAt(ms)
    const day = names[dayNumber] as string
    const rank = rankOf(random())
    const partnerId = ids[rank] as string
    const code = codes[rank] as string
    const id = idAt('clk', ms, n)
    const isBot = n % 100 < 2
    const campaign = n % 2 ? `campaign-${n % 20}` : null
    const visitor = base36((n + 1) * 0x9e3779b1) + base36((n + 1) * 0x5f356495)
    const address = `https://acme.example/pricing?utm_source=newsletter&utm_campaign=${campaign ?? 'spring'}&ref=${code}`
    const referrer = referrers[n % referrers.length] as string | null
    buffers.clicks.push([id, programId, partnerId, code, visitor, at, day, address, referrer, campaign, isBot ? 'bot' : null])
    if (!isBot) counted.click(rank, dayNumber, campaign)
    if (isOnDisk && !isBot && ms > now - DAY_MS)
      buffers.recent_clicks.push([dedupeKey(programId, foldCode(code), visitor, at.slice(0, 13)), id, at])
    if (n % SIGNUP_EVERY === 3) signup({ n: Math.floor(n / SIGNUP_EVERY), ms, rank, day, dayNumber, click: id, campaign })
    if (buffers.clicks.length === BLOCK) {
      await flush()
      say(n + 1)
    }
  }
  await flush()
  for (const { table, columns, rows: own } of counted.rows(ids, names)) await put(sink, table, columns, own)
  say(clicks)
  return { codes, rows, bytes: await sink.end() }

  type Signup = { n: number; ms: number; rank: number; day: string; dayNumber: number; click: string; campaign: string | null }

  function signup({ n, ms, rank, day, dayNumber, click, campaign }: Signup) {
    const at = iso(ms)
    const customer = idAt('cus', ms, partners + n)
    const referral = idAt('ref', ms, n)
    const email = `buyer${n}@customers.example`
    const partnerId = ids[rank] as string
    const pays = n % SALE_EVERY === 0
    buffers.customers.push([customer, programId, `buyer_${n}`, email, email, null, at])
    buffers.referrals.push([
      referral,
      programId,
      customer,
      partnerId,
      codes[rank] as string,
      click,
      campaign,
      terms,
      at,
      pays ? at : null,
    ])
    counted.signup(rank, dayNumber, { campaign, pays })
    if (pays) sale({ n, ms, rank, day, dayNumber, customer, referral })
  }

  type Sale = { n: number; ms: number; rank: number; day: string; dayNumber: number; customer: string; referral: string }

  function sale({ n, ms, rank, day, dayNumber, customer, referral }: Sale) {
    const at = iso(ms)
    const [id, commission, posted] = [idAt('cnv', ms, n), idAt('com', ms, n), idAt('jtx', ms, n)]
    const partnerId = ids[rank] as string
    const amount = 2_000 + (n % 180) * 100
    const earned = amount / 5
    const availableAt = iso(ms + HELD_DAYS * DAY_MS)
    const external = `in_${n}`
    const product = n % 3 ? 'pro' : 'team'
    buffers.sales.push([programId, external])
    buffers.conversions.push([
      id,
      programId,
      external,
      external,
      customer,
      referral,
      amount,
      0,
      0,
      'EUR',
      product,
      at,
      at,
      reply,
      partnerId,
    ])
    const { period, line } = { period: day.slice(0, 7), line: [earned, 'EUR', product, why, at, availableAt, at] }
    buffers.commissions.push([commission, programId, partnerId, referral, id, period, ...line])
    const transaction = { id: posted, programId, key: `earned:${id}:${partnerId}`, kind: 'commission_earned', at, createdAt: at }
    const owed = { partnerId, commissionId: commission, currency: 'EUR', transactionId: posted, programId }
    const entries = [
      { ...owed, position: 0, account: 'partner_earnings', amount: earned, availableAt },
      { ...owed, position: 1, account: 'commission_expense', amount: -earned, availableAt: null },
    ]
    buffers.journal_transactions.push(Object.values(transaction))
    for (const entry of entries) {
      const { position, account, amount: own, availableAt: free } = entry
      buffers.journal_entries.push([posted, position, programId, account, partnerId, commission, 'EUR', own, free])
    }
    buffers.journal_waiting.push([programId, posted, contentHash(transaction, entries)])
    counted.sale(rank, dayNumber, { amount, earned, availableAt })
  }

  async function flush() {
    for (const table of Object.keys(tables) as Table[]) {
      await put(sink, table, tables[table], buffers[table])
      buffers[table] = []
    }
  }

  async function put(into: Sink, table: string, columns: string[], own: Value[][]) {
    rows += own.length
    await into.put(table, columns, own)
  }
}

/** What a sale that the server itself has booked says of its terms and of how its commission came about. */
async function exampleIn(url: string, programId: string) {
  const database = openBeside(url)
  try {
    const { rows } = await sql<{ terms: string; why: string; reply: string; settings: string }>`
      select r.terms, c.why, v.reply, p.settings from commissions c
      join referrals r on r.id = c.referral_id join conversions v on v.id = c.conversion_id
      join programs p on p.id = ${programId}`.execute(database.db)
    const [found] = rows
    if (!found) throw new Error('There is no sale to take as an example')
    return { ...found, timeZone: JSON.parse(found.settings).timeZone as string }
  } finally {
    await database.close()
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const base36 = (value: number) => (value % 2 ** 53).toString(36).padStart(11, '0')
