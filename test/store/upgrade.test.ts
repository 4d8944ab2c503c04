import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { hashed } from '../../server/program/ids.ts'
import { contentHash } from '../../server/rules/journal-chain.ts'
import { start } from '../../server/start.ts'
import { type Database, open } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { migrations } from '../../server/store/migrations.ts'
import { expectFigures } from '../support/code-figures.ts'
import { emptyDatabase } from '../support/database.ts'
import { asker } from '../support/server.ts'

// A database of each earlier shape, with rows as that release left them, is opened by this one: by the server itself.
vi.setConfig({ testTimeout: 60_000 })

const released = [...migrations]
const numberOf = (name: string) => Number(name.slice(0, 3))
afterEach(() => void migrations.splice(0, migrations.length, ...released))

const at = '2026-01-10T09:00:00.000Z'
const key = 'mislata_sk_upgrade0000000000000000000000'
const settings = JSON.stringify({ name: 'Acme', siteUrl: 'https://acme.example', currency: 'EUR', timeZone: 'Asia/Tokyo' })
const terms = JSON.stringify({
  ...{ rule: 'percent', from: 'program', ratePpm: 200_000, flatAmount: 0, flatCurrency: 'EUR', products: [] },
  ...{ recurringMonths: null, recurringPayments: null, maxPerCustomer: null, holdingPeriodDays: 30 },
})

type Row = Record<string, string | number | null>
type Rows = Record<string, Row[]>

// Three sales of 100.00, 59.80 and 12.34, late in the evening in Tokyo; 20 % of each, by half to the cent.
const sales = [
  { n: 1, amount: 10_000, earned: 2_000, occurredAt: '2026-01-12T16:30:00.000Z', day: '2026-01-13' },
  { n: 2, amount: 5_980, earned: 1_196, occurredAt: '2026-01-31T15:30:00.000Z', day: '2026-02-01' },
  { n: 3, amount: 1_234, earned: 247, occurredAt: '2026-02-02T03:00:00.000Z', day: '2026-02-02' },
].map(sale => ({
  ...sale,
  month: sale.day.slice(0, 7),
  availableAt: new Date(Date.parse(sale.occurredAt) + 30 * 86_400_000).toISOString(),
}))

/** What a release with the tables up to `version` has of one small programme; each later one keeps more beside it. */
function rowsAt(version: number): Rows {
  const since = (number: number, row: Row): Row => (version >= number ? row : {})
  const of = { program_id: 'prog_one' }
  const person = { email: 'jane@example.com', email_fold: 'jane@example.com', created_at: at }
  const rows: Rows = {
    meta: [{ name: 'kept', value: 'yes' }],
    admins: [
      { id: 'adm_one', email: 'old@example.com', email_fold: 'old@example.com', password_hash: 'scrypt$', created_at: at },
    ],
    admin_sessions: [{ id: 'ses_one', admin_id: 'adm_one', created_at: at, expires_at: at, ended_at: null }],
    programs: [{ id: 'prog_one', settings, clock_offset_ms: 0, created_at: at }],
    api_keys: [
      { id: 'key_one', ...of, type: 'secret', name: 'first', hash: hashed(key), hint: '0000', created_at: at, revoked_at: null },
    ],
    customers: [
      {
        id: 'cus_one',
        ...of,
        external_id: 'one',
        email: 'one@example.com',
        email_fold: 'one@example.com',
        name: 'One',
        created_at: at,
      },
    ],
    customer_aliases: [{ ...of, alias: 'eins', customer_id: 'cus_one' }],
    partners: [
      {
        id: 'par_one',
        ...of,
        customer_id: null,
        ...person,
        first_name: 'Jane',
        last_name: null,
        company: null,
        website: null,
        slug: 'jane',
        rate_ppm: null,
        payout_method: 'paypal',
        payout_email: 'jane@pay.example',
        stripe_account_id: null,
        metadata: null,
        search_text: 'jane',
        activated_at: at,
        deactivated_at: null,
      },
    ],
    codes: [
      {
        ...of,
        code_fold: 'jane',
        code: 'Jane',
        partner_id: 'par_one',
        customer_id: null,
        label: null,
        created_at: at,
        retired_at: null,
      },
    ],
    applications: [
      {
        id: 'apl_one',
        ...of,
        email: 'new@example.com',
        email_fold: 'new@example.com',
        name: 'New',
        company: null,
        website: null,
        reason: 'why not',
        answers: '{}',
        token_hash: 'hash',
        created_at: at,
        decision: null,
        decided_at: null,
        decided_by: null,
        rejection_reason: null,
        partner_id: null,
      },
    ],
    clicks: [1, 2].map(n => ({
      id: `clk_${n}`,
      ...of,
      partner_id: 'par_one',
      customer_id: null,
      code: 'Jane',
      visitor: `visitor-${n}`,
      at,
      day: '2026-01-10',
      url: 'https://acme.example/?ref=jane',
      referrer: null,
      campaign: null,
      ignored: null,
    })),
    partner_day: [{ partner_id: 'par_one', day: '2026-01-10', clicks: 2, signups: 1, conversions: 0 }],
    partner_month: [{ ...of, month: '2026-01', partner_id: 'par_one', clicks: 2, signups: 1, conversions: 1 }],
    program_day: [{ ...of, day: '2026-01-10', clicks: 2, signups: 1, conversions: 0 }],
    partner_day_earned: sales.map(({ day, earned }) => ({ partner_id: 'par_one', day, currency: 'EUR', amount: earned })),
    referrals: [
      {
        id: 'ref_one',
        ...of,
        customer_id: 'cus_one',
        partner_id: 'par_one',
        code: 'Jane',
        click_id: 'clk_1',
        campaign: null,
        terms,
        created_at: at,
        qualified_at: sales[0]?.occurredAt ?? at,
      },
    ],
    conversions: sales.map(({ n, amount, occurredAt }) => ({
      id: `cnv_${n}`,
      ...of,
      external_id: `sale-${n}`,
      payload_hash: `hash-${n}`,
      customer_id: 'cus_one',
      referral_id: 'ref_one',
      amount,
      tax: 0,
      discount: 0,
      currency: 'EUR',
      product_id: null,
      occurred_at: occurredAt,
      created_at: occurredAt,
      reply: '{}',
      ...since(7, { partner_id: 'par_one' }),
    })),
    commissions: sales.map(({ n, earned, occurredAt, availableAt, month }) => ({
      id: `com_${n}`,
      ...of,
      partner_id: 'par_one',
      referral_id: 'ref_one',
      conversion_id: `cnv_${n}`,
      period: month,
      amount: earned,
      currency: 'EUR',
      product_id: null,
      why: JSON.stringify({ rule: 'percent', ratePpm: 200_000, clickId: 'clk_1', code: 'Jane' }),
      occurred_at: occurredAt,
      available_at: availableAt,
      created_at: occurredAt,
    })),
    journal_transactions: sales.map(({ n, occurredAt }) => ({
      id: `jtx_${n}`,
      ...of,
      key: `earned:cnv_${n}:par_one`,
      kind: 'commission_earned',
      at: occurredAt,
      created_at: occurredAt,
    })),
    journal_entries: sales.flatMap(({ n, earned, availableAt }) => [
      {
        transaction_id: `jtx_${n}`,
        position: 0,
        ...of,
        account: 'partner_earnings',
        partner_id: 'par_one',
        commission_id: `com_${n}`,
        currency: 'EUR',
        amount: earned,
        available_at: availableAt,
      },
      {
        transaction_id: `jtx_${n}`,
        position: 1,
        ...of,
        account: 'commission_expense',
        partner_id: 'par_one',
        commission_id: `com_${n}`,
        currency: 'EUR',
        amount: -earned,
        available_at: null,
      },
    ]),
    mails: [
      {
        id: 'mail_one',
        program_id: null,
        recipient: 'jane@example.com',
        kind: 'approved',
        subject: 'Welcome',
        body: 'Hello',
        created_at: at,
        attempts: 1,
        next_attempt_at: null,
        sent_at: at,
        failure: null,
      },
    ],
  }
  if (version >= 2) {
    rows.events = [
      {
        id: 'evt_one',
        ...of,
        partner_id: null,
        event: 'partner.created',
        object: 'par_one',
        sequence: 1,
        body: '{}',
        created_at: at,
      },
    ]
    rows.event_sequences = [{ ...of, object: 'par_one', last: 1 }]
  }
  if (version >= 3)
    rows.partner_keys = [
      { id: 'key_two', ...of, partner_id: 'par_one', name: 'own', hash: 'hash', hint: '1111', created_at: at, revoked_at: null },
    ]
  if (version >= 4)
    rows.deals = [
      {
        id: 'deal_one',
        ...of,
        partner_id: 'par_one',
        lead_email: 'lead@example.com',
        lead_email_fold: 'lead@example.com',
        lead_name: 'Lead',
        notes: null,
        created_at: at,
      },
    ]
  if (version >= 5)
    rows.credit_entries = [
      {
        id: 'crd_one',
        ...of,
        customer_id: 'cus_one',
        referral_id: 'ref_one',
        entry_key: 'first',
        credits: 5,
        reason: 'reward',
        created_at: at,
      },
    ]
  if (version >= 7) rows.sales = sales.map(({ n }) => ({ ...of, external_id: `sale-${n}` }))
  if (version >= 8) {
    rows.program_day_money = sales.map(({ day, amount, earned }) => ({
      ...of,
      day,
      currency: 'EUR',
      revenue: amount,
      commissions: earned,
    }))
    rows.program_owed = sales.map(({ availableAt, earned }) => ({
      ...of,
      currency: 'EUR',
      available_on: availableAt.slice(0, 10),
      amount: earned,
    }))
    rows.audit_entries = [
      {
        id: 'aud_one',
        ...of,
        created_at: at,
        actor_kind: 'system',
        actor_id: null,
        actor_label: null,
        action: 'program.created',
        object: 'prog_one',
        before: null,
        after: null,
        request_id: null,
      },
    ]
  }
  if (version >= 10) {
    rows.periods = [...new Set(sales.map(each => each.month))].map(period => ({
      ...of,
      period,
      closed_at: null,
      announced_at: null,
    }))
    rows.partner_periods = Object.entries(Object.groupBy(sales, each => each.month)).map(([period, all = []]) => ({
      ...of,
      period,
      partner_id: 'par_one',
      currency: 'EUR',
      amount: all.reduce((sum, each) => sum + each.earned, 0),
    }))
  }
  if (version >= 20) {
    const code = { ...of, code_fold: 'jane' }
    rows.code_counts = [{ ...code, clicks: 2, signups: 1, conversions: 3 }]
    rows.code_earned = [{ ...code, currency: 'EUR', amount: 3_443 }]
  }
  if (version >= 12)
    rows.journal_waiting = sales.map(({ n }) => ({ ...of, transaction_id: `jtx_${n}`, content: contentOf(rows, `jtx_${n}`) }))
  return rows
}

function contentOf({ journal_transactions = [], journal_entries = [] }: Rows, id: string) {
  const camel = (row: Row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), value]),
    )
  const entries = journal_entries.filter(each => each.transaction_id === id).map(camel)
  return contentHash(camel(journal_transactions.find(each => each.id === id) ?? {}) as never, entries as never)
}

const asKept = ({ db }: Database) => db.withoutPlugins() as never as import('kysely').Kysely<Record<string, Row>>

async function fill(database: Database, rows: Rows) {
  const { programs, customers, partners, sales: paid, periods, ...others } = rows
  // Those to which others refer come first.
  const inOrder = {
    meta: rows.meta,
    admins: rows.admins,
    programs,
    customers,
    partners,
    sales: paid,
    periods,
    referrals: rows.referrals,
    conversions: rows.conversions,
    commissions: rows.commissions,
    journal_transactions: rows.journal_transactions,
    ...others,
  }
  for (const [table, all] of Object.entries(inOrder))
    if (all?.length) await asKept(database).insertInto(table).values(all).execute()
}

/** The rows of a table as they are now, of the columns that they had then. */
async function keptOf(database: Database, table: string, [first = {}]: Row[]) {
  const columns = sql.join(Object.keys(first).map(name => sql.ref(name)))
  const { rows } = await sql<Row>`select ${columns} from ${sql.table(table)}`.execute(asKept(database))
  return rows
}

const versions = [1, 4, 6, 7, 9, 11, 13, 15, released.length]

test.each(versions)('A database of release %i, with data, loses nothing, and its books are right', async version => {
  const where = await emptyDatabase()
  const rows = rowsAt(version)
  try {
    migrations.splice(0, migrations.length, ...released.filter(each => numberOf(each.name) <= version))
    const before = open(where.url)
    expect((await migrate(before)).length).toBe(migrations.length)
    await fill(before, rows)
    await before.close()

    migrations.splice(0, migrations.length, ...released)
    const config = readConfig({ DATABASE_URL: where.url, PORT: '0', LOG_LEVEL: 'silent' })
    const running = await start(config)
    try {
      const ask = asker(() => running.url)
      const { database } = running.desk
      for (const [table, all] of Object.entries(rows)) {
        // What waits for its seal gets it by itself.
        if (table === 'journal_waiting') continue
        const found = await keptOf(database, table, all)
        // Beside the admin of the environment and what the first start has noted.
        const known = found.filter(row => all.some(each => Object.values(each)[0] === Object.values(row)[0]))
        const sorted = (list: Row[]) => list.map(row => JSON.stringify(row)).sort()
        expect(sorted(known), table).toEqual(sorted(all))
      }
      await expectFigures(database.db)
      const ledger = () => ask('GET', '/v1/apps/prog_one/ledger/verify', { key })
      const first = await ledger()
      expect(first.body.findings).toEqual([])
      expect(first.body).toMatchObject({ ok: true, transactions: 3, entries: 6, commissions: 3, chain: { length: 3 } })
      expect(first.body.balances).toContainEqual({ account: 'partner_earnings', currency: 'EUR', amount: 3_443 })

      // And it goes on: half of an old sale is given back, and a new one comes.
      const refund = { externalId: 'back', conversionExternalId: 'sale-2', amount: 2_990 }
      const back = await ask('POST', '/v1/refunds', { key, body: refund })
      expect([back.status, back.body.reversals]).toEqual([201, [expect.objectContaining({ commissionId: 'com_2', amount: 598 })]])
      const sale = { externalId: 'sale-4', customerId: 'eins', amount: 1_000, currency: 'EUR' }
      expect((await ask('POST', '/v1/conversions', { key, body: sale })).status).toBe(201)
      expect((await ledger()).body).toMatchObject({ ok: true, found: 0, commissions: 4 })
      const { rows: money } = await sql<{ revenue: number; commissions: number }>`
        select cast(sum(revenue) as bigint) as revenue, cast(sum(commissions) as bigint) as commissions from program_day_money`.execute(
        database.db,
      )
      expect(money).toEqual([{ revenue: 10_000 + 5_980 + 1_234 - 2_990 + 1_000, commissions: 3_443 - 598 + 200 }])
      const { rows: day } = await sql`select revenue from program_day_money where day = '2026-01-13'`.execute(database.db)
      expect(day).toEqual([{ revenue: 10_000 }])
      await expectFigures(database.db)
    } finally {
      await running.stop()
    }
  } finally {
    await where.remove()
  }
})
