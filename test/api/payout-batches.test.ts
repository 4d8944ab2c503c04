import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PayoutBatchList, PayoutBatchStanding } from '../../server/contract/payout-batches.ts'
import { MadePayouts as Made, type MadePayouts } from '../../server/contract/payouts.ts'
import { finishAbandoned, run } from '../../server/program/payout-runs.ts'
import { pay } from '../../server/program/payouts.ts'
import { type Database, open } from '../../server/store/database.ts'
import * as batches from '../../server/store/payout-batches.ts'
import { pass } from '../support/acts.ts'
import { engine } from '../support/database.ts'
import * as paying from '../support/payouts.ts'
import { answered, refused } from '../support/replies.ts'
import { newPartner, newProgram, type TestProgram, type TestServer, testServer } from '../support/server.ts'

let server: TestServer
let acme: TestProgram
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  acme = await newProgram(server)
})
afterEach(() => paying.expectSettled(server))

let partners = 0
async function payee(amounts: Record<string, number> = { EUR: 6_000 }) {
  const slug = `payee-${++partners}`
  const partner = await newPartner(server, acme, { slug, payout_method: 'paypal', payout_email: `${slug}@paypal.example` })
  for (const [currency, amount] of Object.entries(amounts)) await paying.adjust(server, acme, partner, amount, currency)
  return partner
}
const base = (own = acme) => `/v1/apps/${own.program.id}/payouts`
const runNow = (body?: object) => paying.runPayouts(server, acme, body)
const list = async (query = '') =>
  answered(await server.ask('GET', `${base()}/batches${query}`, { key: acme.secret }), 200, PayoutBatchList)
const read = async (id: string) =>
  answered(await server.ask('GET', `${base()}/batches/${id}`, { key: acme.secret }), 200, PayoutBatchStanding)
const linesOf = async (id: string) => (await server.ask('GET', `${base()}/batches/${id}/lines.csv`, { key: acme.secret })).text

describe('A batch', () => {
  test('is what a run has made, and is frozen with the hash of its lines', async () => {
    const [jane, omar] = [await payee({ EUR: 6_000, JPY: 7_000 }), await payee({ EUR: 9_000 })]
    await paying.adjust(server, acme, jane, -500)
    const { batch, data } = await runNow({})
    expect(batch).toMatchObject({
      createdBy: { kind: 'secret', label: expect.stringContaining('secret …') },
      currency: null,
      method: null,
      count: 3,
      totals: [
        { currency: 'EUR', count: 2, amount: 14_500 },
        { currency: 'JPY', count: 1, amount: 7_000 },
      ],
      createdAt: server.clock.now.toISOString(),
    })
    expect(new Set(data.map(each => each.batchId))).toEqual(new Set([batch?.id]))
    const id = batch?.id ?? ''
    const text = await linesOf(id)
    expect(createHash('sha256').update(text).digest('hex')).toBe(batch?.hash)
    const [titles, ...lines] = text.trimEnd().split('\n')
    expect(titles).toBe('batch,payout,partner,currency,commission,amount')
    const [first] = await server.desk().database.db.selectFrom('payoutLines').selectAll().where('amount', '=', -500).execute()
    const payout = data.find(each => each.partnerId === jane.id && each.currency === 'EUR')
    expect(lines).toContain([id, payout?.id, jane.id, 'EUR', first?.commissionId, -500].join(','))
    expect(lines.map(each => Number(each.split(',')[5])).sort((a, b) => a - b)).toEqual([-500, 6_000, 7_000, 9_000])
    expect(lines.filter(each => each.includes(omar.id))).toHaveLength(1)

    // Whatever becomes of its payouts.
    const [paid, failed] = data.map(each => each.id)
    await paying.markedPaid(server, acme, paid ?? '')
    await paying.markedFailed(server, acme, failed ?? '')
    const { standing, ...rest } = await read(id)
    expect(rest).toEqual(batch)
    expect(standing.map(each => each.status).sort()).toEqual(['failed', 'paid', 'pending'])
    expect(await linesOf(id)).toBe(text)
  })

  test('cannot be changed or deleted, not even by hand', async () => {
    await payee()
    const { batch } = await runNow()
    const { db } = server.desk().database
    for (const act of [
      sql`update payout_batches set count = 2`,
      sql`delete from payout_batches`,
      sql`update payout_lines set amount = 1`,
    ])
      await expect(act.execute(db)).rejects.toThrow(/append-only/)
    expect((await read(batch?.id ?? '')).count).toBe(1)
  })

  test('is not made of nothing, and names what its run was asked for', async () => {
    await payee({ EUR: 100, USD: 6_000 })
    expect(await runNow({ currency: 'EUR' })).toMatchObject({ batch: null, data: [], carried: [{ amount: 100 }] })
    expect((await list()).data).toEqual([])
    expect((await runNow({ currency: 'usd', method: 'paypal' })).batch).toMatchObject({ currency: 'USD', method: 'paypal' })
  })

  test('is listed newest first, and its payouts and its file are asked for by it', async () => {
    for (let i = 0; i < 3; i++) {
      await payee()
      await runNow()
      pass(server, 1_000)
    }
    const { data } = await list()
    expect(data).toHaveLength(3)
    expect((data[0]?.createdAt ?? '') > (data[2]?.createdAt ?? '')).toBe(true)
    const page = await list('?limit=2')
    expect([...page.data, ...(await list(`?limit=2&cursor=${page.nextCursor}`)).data]).toEqual(data)
    const batch = data[1]?.id ?? ''
    const payouts = (await paying.payoutList(server, acme, `?batch=${batch}`)).data
    expect(payouts.map(each => each.batchId)).toEqual([batch])
    const file = (await server.ask('GET', `${base()}.csv?method=paypal&batch=${batch}`, { key: acme.secret })).text
    expect(file.trimEnd().split('\r\n')).toHaveLength(1)
    expect(file).toContain(payouts[0]?.id)
  })

  test('of another program is not there', async () => {
    await payee()
    const { batch } = await runNow()
    const other = await newProgram(server)
    for (const path of [`/batches/${batch?.id}`, `/batches/${batch?.id}/lines.csv`, `.csv?method=paypal&batch=${batch?.id}`])
      refused(await server.ask('GET', base(other) + path, { key: other.secret }), 404, 'payout_batch_not_found')
  })

  test('stands in the audit log', async () => {
    await payee()
    const { batch } = await runNow()
    const { body } = await server.ask('GET', `/v1/apps/${acme.program.id}/audit?object=${batch?.id}`, { token: acme.token })
    expect(body.data).toMatchObject([
      { action: 'payout_batch.created', after: { count: 1, totals: batch?.totals, sha256: batch?.hash } },
    ])
  })
})

describe('Two runs at once', () => {
  test('are one batch: whoever comes second finds nothing due, on other servers too', async () => {
    for (let i = 0; i < 6; i++) await payee()
    const others: Database[] = engine === 'postgres' ? [open(server.database.url), open(server.database.url)] : []
    const desks = [server.desk(), ...others.map(database => ({ ...server.desk(), database }))]
    const program = (await server.desk().directory.current()).programs.get(acme.program.id)
    if (!program) throw new Error('The program is not there')
    const byHttp = (credential: object) =>
      server.ask('POST', base(), { ...credential, body: {} }).then(reply => answered(reply, 201, Made).data)
    const runs = await Promise.all([
      byHttp({ token: acme.token }),
      byHttp({ key: acme.secret }),
      ...desks.flatMap(desk => [run(desk, program, {}), run(desk, program, {})].map(each => each.then(({ made }) => made))),
    ])
    await Promise.all(others.map(each => each.close()))
    expect(runs.map(each => each.length).sort()).toEqual([...runs.slice(1).map(() => 0), 6])
    const { data } = await list()
    expect(data).toMatchObject([{ count: 6, totals: [{ currency: 'EUR', count: 6, amount: 36_000 }] }])
  }, 60_000)

  test('over different currencies make a batch each, and together all', async () => {
    for (let i = 0; i < 3; i++) await payee({ EUR: 6_000, USD: 7_000 })
    const made = await Promise.all([runNow({ currency: 'EUR' }), runNow({ currency: 'USD' }), runNow()])
    const all = made.flatMap((each: MadePayouts) => each.data)
    expect(all).toHaveLength(6)
    for (const { batch, data } of made) expect(data.every(each => each.batchId === batch?.id)).toBe(true)
  })
})

/** A run whose server has died after the first of its payouts. */
async function abandoned() {
  const [program, now] = [(await server.desk().directory.current()).programs.get(acme.program.id), server.clock.now]
  if (!program) throw new Error('The program is not there')
  const [jane] = [await payee(), await payee(), await payee()]
  const at = { batchId: 'bat_abandoned', holder: 'gone', leasedUntil: new Date(now.getTime() + 60_000).toISOString() }
  const asked = { programId: program.id, currency: null, method: null, createdAt: now.toISOString() }
  const left = {
    ...asked,
    ...at,
    batchId: `bat_${program.id}`,
    actorKind: 'admin',
    actorId: 'adm_1',
    actorLabel: 'a@acme.example',
  }
  await batches.begin(server.desk().database.db, left)
  const renew = async () => {}
  const wanted = { batchId: left.batchId, partnerId: jane.id, currency: 'EUR', minimum: 5_000, now: now.toISOString(), renew }
  const first = await pay(server.desk(), program, wanted)
  return { left, first }
}

describe('A run that has been broken off', () => {
  test('is completed by the next, in its own name', async () => {
    const { left } = await abandoned()
    refused(await server.ask('GET', `${base()}/batches/${left.batchId}`, { key: acme.secret }), 404, 'payout_batch_not_found')
    pass(server, 61_000)
    const { batch, data } = await runNow()
    expect([batch, data]).toEqual([null, []])
    expect((await list()).data).toMatchObject([{ id: left.batchId, count: 3, createdBy: { kind: 'admin', id: 'adm_1' } }])
  })

  test('is completed by itself, where nobody starts another', async () => {
    const { left } = await abandoned()
    await finishAbandoned(server.desk())
    expect((await list()).data).toEqual([])
    pass(server, 61_000)
    await finishAbandoned(server.desk())
    expect((await list()).data).toMatchObject([{ id: left.batchId, count: 3 }])
  })

  test('adds nothing when it comes back to life after another has taken it up', async () => {
    const { left } = await abandoned()
    const { db } = server.desk().database
    expect(await batches.renew(db, left, left.leasedUntil)).toBe(true)
    pass(server, 61_000)
    await runNow()
    expect(await batches.renew(db, left, left.leasedUntil)).toBe(false)
  })
})
