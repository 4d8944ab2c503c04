import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, hour, pass, pay, refer } from '../support/acts.ts'
import { keep, tamper, verified } from '../support/ledger.ts'
import { decided, refund } from '../support/money.ts'
import { adjust, closed, markedPaid, runPayouts } from '../support/payouts.ts'
import { refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
let books: Awaited<ReturnType<typeof written>>
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())

/** A program with books of its own. */
async function begin() {
  acme = await newProgram(server, { minPayoutAmount: 1 })
  books = await written()
}

/** Books with something of each kind in them: paid, taken back after that, on its way, pending, held, corrected. */
async function written() {
  const jane = await newPartner(server, acme, { slug: 'jane' })
  const omar = await newPartner(server, acme, { slug: 'omar' })
  await refer(server, acme, { customerId: 'ann', code: 'jane' })
  await refer(server, acme, { customerId: 'ben', code: 'omar' })
  const sale = async (externalId: string, customerId: string, amount: number) =>
    (await pay(server, acme, { externalId, customerId, amount })).commissions[0]?.id ?? ''
  const [paid, open] = [await sale('one', 'ann', 59_800), await sale('two', 'ben', 10_000)]
  await decided(server, acme, paid, 'approve')
  const first = (await runPayouts(server, acme)).data[0]?.id ?? ''
  await markedPaid(server, acme, first)
  await decided(server, acme, open, 'approve')
  const second = (await runPayouts(server, acme)).data[0]?.id ?? ''
  await refund(server, acme, { conversionExternalId: 'one', amount: 5_000 })
  const [pending, held] = [await sale('three', 'ann', 20_000), await sale('four', 'ben', 30_000)]
  await decided(server, acme, held, 'hold')
  const adjusted = (await adjust(server, acme, jane, -700)).id
  return { jane: jane.id, omar: omar.id, paid, open, pending, held, adjusted, first, second }
}

const codes = async (query?: string) => [...new Set((await verified(server, acme, query)).findings.map(each => each.code))].sort()

describe('The books', () => {
  beforeEach(begin)

  test('are in order, and say what they come to', async () => {
    const { checkedAt, chain, ...rest } = await verified(server, acme)
    expect(rest).toEqual({
      ok: true,
      transactions: 12,
      entries: 24,
      commissions: 5,
      payouts: 2,
      balances: [
        { account: 'commission_expense', currency: 'EUR', amount: -22_260 },
        { account: 'partner_earnings', currency: 'EUR', amount: 2_300 },
        { account: 'partner_held', currency: 'EUR', amount: 6_000 },
        { account: 'partner_paid', currency: 'EUR', amount: 11_960 },
        { account: 'partner_payable', currency: 'EUR', amount: 2_000 },
      ],
      found: 0,
      findings: [],
    })
    expect(checkedAt).toBe(server.clock.now.toISOString())
    expect(chain).toEqual({ length: 12, head: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect((await verified(server, acme)).chain).toEqual(chain)
  })

  test('of a program in which nothing was earned are in order', async () => {
    acme = await newProgram(server)
    const { ok, transactions, chain } = await verified(server, acme)
    expect([ok, transactions, chain]).toEqual([true, 0, { length: 0, head: '0'.repeat(64) }])
  })

  test('may be held against an end of the chain that was noted earlier', async () => {
    const { chain } = await verified(server, acme)
    await adjust(server, acme, { id: books.jane }, 100)
    const noted = `?length=${chain.length}&head=${chain.head}`
    expect(await codes(noted)).toEqual([])
    expect(await codes(`?length=${chain.length + 1}&head=${chain.head}`)).toEqual(['chain_rewritten'])
    expect(await codes(`?length=99&head=${chain.head}`)).toEqual(['chain_rewritten'])
    const ask = (query: string) => server.ask('GET', `/v1/apps/${acme.program.id}/ledger/verify${query}`, { key: acme.secret })
    expect(refused(await ask(`?length=${chain.length}`), 422, 'invalid')).toEqual(['head'])
    expect(refused(await ask(`?head=${chain.head}`), 422, 'invalid')).toEqual(['length'])
    expect(refused(await ask('?length=0&head=x'), 422, 'invalid')).toEqual(['length', 'head'])
  })

  test('that somebody has written anew, with their chain, are found by what was noted', async () => {
    const { chain } = await verified(server, acme)
    const own = `program_id = '${acme.program.id}'`
    await tamper(server, [
      `update journal_transactions set at = '2026-01-01T00:00:00.000Z' where ${own} and kind = 'commission_adjusted'`,
      `insert into journal_waiting (program_id, transaction_id) select program_id, id from journal_transactions where ${own}`,
      `delete from journal_seals where ${own}`,
      `delete from journal_heads where ${own}`,
    ])
    expect(await codes()).toEqual([])
    expect(await codes(`?length=${chain.length}&head=${chain.head}`)).toEqual(['chain_rewritten'])
  })
})

const entryOf = (commission: string, account = 'partner_earnings') =>
  `transaction_id = (select transaction_id from journal_entries where commission_id = '${commission}' and position = 0
    order by transaction_id limit 1) and account = '${account}'`
const newTransaction = (programId: string) =>
  `insert into journal_transactions (id, program_id, key, kind, at, created_at) values
    ('jtx_${programId}', '${programId}', 'by hand', 'commission_adjusted', '2026-03-10T12:00:00.000Z', '2026-03-10T12:00:00.000Z')`
const newEntries = (programId: string, partner: string, commission: string, amount: number) =>
  [amount, -amount].map(
    (each, position) =>
      `insert into journal_entries (transaction_id, position, program_id, account, partner_id, commission_id, currency, amount)
        values ('jtx_${programId}', ${position}, '${programId}', '${position ? 'commission_expense' : 'partner_paid'}',
          '${partner}', '${commission}', 'EUR', ${each})`,
  )

type Own = typeof books & { program: string }

/** What somebody does to the books, and all that is found of it. */
const acts: [string, (own: Own) => string[], string[]][] = [
  [
    'a letter in a transaction',
    ({ program }) => [
      `update journal_transactions set key = key || 'x' where program_id = '${program}' and kind = 'commission_reversed'`,
    ],
    ['transaction_changed'],
  ],
  [
    'a digit in a time',
    ({ pending }) => [`update journal_entries set available_at = '2026-04-09T12:00:00.001Z' where ${entryOf(pending)}`],
    ['commission_balance', 'transaction_changed'],
  ],
  [
    'an amount in both entries of a transaction',
    ({ pending }) => [
      `update journal_entries set amount = amount + 1 where ${entryOf(pending)}`,
      `update journal_entries set amount = amount - 1 where ${entryOf(pending, 'commission_expense')}`,
    ],
    ['commission_balance', 'partner_balance', 'partner_earned', 'program_commissions', 'program_owed', 'transaction_changed'],
  ],
  [
    'an amount in one entry',
    ({ pending }) => [`update journal_entries set amount = amount + 1 where ${entryOf(pending)}`],
    [
      'accounts_unbalanced',
      'commission_balance',
      'partner_balance',
      'program_owed',
      'transaction_changed',
      'transaction_unbalanced',
    ],
  ],
  [
    'an amount from one commission to another of the same partner',
    ({ paid, pending }) => [
      `update journal_entries set commission_id = '${pending}' where ${entryOf(paid, 'commission_expense')}`,
      `update journal_entries set commission_id = '${pending}' where ${entryOf(paid)}`,
    ],
    ['commission_balance', 'commission_paid_twice', 'transaction_changed'],
  ],
  [
    'an amount from one partner to another',
    ({ paid, omar }) => [`update journal_entries set partner_id = '${omar}' where ${entryOf(paid)}`],
    ['entry_stray', 'partner_balance', 'transaction_changed'],
  ],
  [
    'the account of an entry',
    ({ open }) => [
      `update journal_entries set account = 'partner_paid' where commission_id = '${open}' and account = 'partner_payable'`,
    ],
    ['commission_balance', 'partner_balance', 'payout_booking', 'program_owed', 'transaction_changed'],
  ],
  [
    'an entry away',
    ({ pending }) => [`delete from journal_entries where ${entryOf(pending)}`],
    [
      'accounts_unbalanced',
      'commission_balance',
      'partner_balance',
      'program_owed',
      'transaction_changed',
      'transaction_unbalanced',
    ],
  ],
  [
    'a transaction away, with its entries',
    ({ pending }) => [
      `delete from journal_transactions where id in (select transaction_id from journal_entries where commission_id = '${pending}')`,
      `delete from journal_entries where commission_id = '${pending}'`,
    ],
    ['commission_balance', 'partner_balance', 'partner_earned', 'program_commissions', 'program_owed', 'transaction_missing'],
  ],
  [
    'a transaction more',
    ({ program, jane, paid }) => [newTransaction(program), ...newEntries(program, jane, paid, 100)],
    ['commission_balance', 'partner_balance', 'partner_earned', 'program_commissions', 'transaction_not_sealed'],
  ],
  [
    'a transaction more, of nothing',
    ({ program }) => [newTransaction(program)],
    ['transaction_not_sealed', 'transaction_unbalanced'],
  ],
  [
    'an entry more, of nobody',
    ({ pending }) => [
      `insert into journal_entries (transaction_id, position, program_id, account, partner_id, commission_id, currency, amount)
        select transaction_id, 9, program_id, account, 'par_nobody', 'com_nobody', currency, 0 from journal_entries
        where ${entryOf(pending)}`,
    ],
    ['entry_stray', 'transaction_changed'],
  ],
  [
    'a letter in a seal',
    ({ program }) => [`update journal_seals set content = '${'a'.repeat(64)}' where program_id = '${program}' and sequence = 3`],
    ['chain_broken', 'transaction_changed'],
  ],
  [
    'a seal away',
    ({ program }) => [`delete from journal_seals where program_id = '${program}' and sequence = 3`],
    ['chain_broken', 'transaction_not_sealed'],
  ],
  [
    'the last seal away',
    ({ program }) => [`delete from journal_seals where program_id = '${program}' and sequence = 12`],
    ['chain_broken', 'transaction_not_sealed'],
  ],
  [
    'two seals in each other’s place',
    ({ program }) => [
      `update journal_seals set sequence = 99 where program_id = '${program}' and sequence = 3`,
      `update journal_seals set sequence = 3 where program_id = '${program}' and sequence = 4`,
      `update journal_seals set sequence = 4 where program_id = '${program}' and sequence = 99`,
    ],
    ['chain_broken'],
  ],
  [
    'what was taken back',
    ({ paid }) => [`update commissions set reversed = reversed + 1 where id = '${paid}'`],
    ['commission_balance', 'commission_reversed', 'partner_balance'],
  ],
  [
    'what was earned',
    ({ pending }) => [`update commissions set amount = amount + 1 where id = '${pending}'`],
    ['commission_balance', 'partner_balance'],
  ],
  [
    'what is in payouts',
    ({ open }) => [`update commissions set settled = 0 where id = '${open}'`],
    ['commission_balance', 'commission_settled', 'partner_balance'],
  ],
  [
    'in which payout it is',
    ({ open, first }) => [`update commissions set payout_id = '${first}' where id = '${open}'`],
    ['commission_settled'],
  ],
  [
    'what has been paid',
    ({ open }) => [`update commissions set paid_out = settled where id = '${open}'`],
    ['commission_balance', 'commission_settled'],
  ],
  [
    'that something is held',
    ({ held }) => [`update commissions set held_at = null, held_reason = null where id = '${held}'`],
    ['commission_balance', 'commission_state', 'partner_balance'],
  ],
  [
    'that something was approved',
    ({ pending }) => [`update commissions set approved_at = '2026-03-10T12:00:00.000Z' where id = '${pending}'`],
    ['commission_balance', 'commission_state'],
  ],
  [
    'that something was rejected',
    ({ pending }) => [`update commissions set rejected_at = '2026-03-10T12:00:00.000Z' where id = '${pending}'`],
    ['commission_balance', 'commission_state', 'partner_balance'],
  ],
  [
    'that a payment is disputed',
    ({ program }) => [
      `insert into disputes (program_id, external_id, conversion_external_id, amount, opened_at, created_at)
        values ('${program}', 'dp_1', 'three', 20000, '2026-03-10T12:00:00.000Z', '2026-03-10T12:00:00.000Z')`,
    ],
    ['commission_state'],
  ],
  ['a refund away', ({ program }) => [`delete from refunds where program_id = '${program}'`], ['commission_reversed']],
  [
    'the amount of a payout',
    ({ second }) => [`update payouts set amount = amount + 1 where id = '${second}'`],
    ['partner_balance', 'payout_amount', 'payout_booking'],
  ],
  [
    'that a payout has been paid',
    ({ second }) => [`update payouts set paid_at = '2026-03-10T12:00:00.000Z' where id = '${second}'`],
    ['commission_settled', 'partner_balance', 'payout_booking'],
  ],
  [
    'the amount of a line',
    ({ second }) => [`update payout_lines set amount = amount - 1 where payout_id = '${second}'`],
    ['commission_settled', 'payout_amount'],
  ],
  [
    'a commission in two payouts',
    ({ program, open, omar }) => [
      `insert into payouts (id, program_id, partner_id, amount, currency, created_at)
        values ('pay_${program}', '${program}', '${omar}', 2000, 'EUR', '2026-03-10T12:00:00.000Z')`,
      `insert into payout_lines (payout_id, position, program_id, commission_id, number, amount, settled_before)
        values ('pay_${program}', 0, '${program}', '${open}', 2, 2000, 0)`,
    ],
    ['commission_paid_twice', 'commission_settled', 'partner_balance', 'payout_booking'],
  ],
  [
    'a line away',
    ({ first }) => [`delete from payout_lines where payout_id = '${first}'`],
    ['commission_settled', 'payout_amount'],
  ],
  [
    'a sum of what is owed',
    ({ program }) => [`update program_owed set amount = amount + 1 where program_id = '${program}' and available_on = 'held'`],
    ['program_owed'],
  ],
  [
    'a sum of a month',
    ({ program, jane }) => [
      `update partner_periods set amount = amount + 1 where program_id = '${program}' and partner_id = '${jane}'`,
    ],
    ['partner_earned'],
  ],
  [
    'a sum of a day',
    ({ jane }) => [`update partner_day_earned set amount = amount + 1 where partner_id = '${jane}'`],
    ['partner_earned'],
  ],
  [
    'a sum of the whole program',
    ({ program }) => [`update program_day_money set commissions = commissions + 1 where program_id = '${program}'`],
    ['program_commissions'],
  ],
]

describe('Whoever changes', () => {
  let restore: () => Promise<void>
  beforeAll(async () => {
    await begin()
    expect(await codes()).toEqual([])
    restore = await keep(server)
  })
  afterEach(() => restore())

  test.each(acts)('%s is found out', async (_, act, expected) => {
    await tamper(server, act({ ...books, program: acme.program.id }))
    const { ok, found, findings } = await verified(server, acme)
    expect([...new Set(findings.map(each => each.code))].sort()).toEqual(expected)
    expect([ok, found]).toEqual([false, findings.length])
  })
})

describe('What is found', () => {
  beforeEach(begin)

  test('says of which object it is, what was expected, and what there is', async () => {
    await codes()
    await tamper(server, [`update journal_entries set amount = amount + 1 where ${entryOf(books.pending)}`])
    const { findings } = await verified(server, acme)
    expect(findings).toContainEqual({
      code: 'commission_balance',
      object: books.pending,
      expected: '40.00 EUR',
      actual: '40.01 EUR',
      message: "The journal's partner_earnings of the commission is 40.01 EUR, and should be 40.00 EUR.",
    })
  })

  test('is found in what has been booked a moment ago, and has not been sealed', async () => {
    const { ok } = await verified(server, acme)
    const { id } = await adjust(server, acme, { id: books.jane }, 100)
    await tamper(server, [`update journal_entries set position = position + 5 where commission_id = '${id}'`])
    expect([ok, await codes()]).toEqual([true, ['transaction_changed']])
  })

  test('is found in a month that was closed', async () => {
    pass(server, 40 * day)
    await closed(server, acme, '2026-03')
    pass(server, hour)
    const { id } = await adjust(server, acme, { id: books.jane }, 100)
    expect(await codes()).toEqual([])
    await tamper(server, [`update commissions set period = '2026-03' where id = '${id}'`])
    expect(await codes()).toEqual(['commission_period'])
  })

  test('is nobody else’s', async () => {
    const mine = acme
    await codes()
    await tamper(server, [`update journal_entries set amount = 0 where program_id = '${mine.program.id}'`])
    acme = await newProgram(server)
    expect(await codes()).toEqual([])
    acme = mine
    const { found, findings } = await verified(server, acme)
    expect(found).toBe(findings.length)
    expect(found).toBeGreaterThan(11)
  })

  test('is not what somebody books meanwhile', async () => {
    let over = false
    const booking = Array.from({ length: 3 }, async (_, nth) => {
      for (let n = 0; !over; n++) {
        const id =
          (await pay(server, acme, { externalId: `${nth}-${n}`, customerId: 'ann', amount: 1_000 })).commissions[0]?.id ?? ''
        await decided(server, acme, id, 'approve')
        await runPayouts(server, acme)
        await refund(server, acme, { conversionExternalId: `${nth}-${n}`, amount: 500 })
      }
    })
    const checks = []
    for (let n = 0; n < 8; n++) checks.push(await verified(server, acme))
    over = true
    await Promise.all(booking)
    expect(checks.flatMap(each => each.findings)).toEqual([])
    const lengths = checks.map(each => each.transactions)
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
    expect(lengths.at(-1)).toBeGreaterThan(lengths[0] ?? 0)
    expect(await codes()).toEqual([])
  })

  test('is told up to a hundred, and counted beyond', async () => {
    const own = `program_id = '${acme.program.id}'`
    for (let i = 0; i < 4; i++) await Promise.all(Array.from({ length: 20 }, () => adjust(server, acme, { id: books.jane }, 100)))
    await codes()
    await tamper(server, [`update journal_entries set amount = 0 where ${own}`])
    const { found, findings } = await verified(server, acme)
    expect(findings).toHaveLength(100)
    expect(found).toBeGreaterThan(200)
  })
})
