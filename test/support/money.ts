import { sql } from 'kysely'
import { expect } from 'vitest'
import {
  type Commission,
  CommissionList,
  Commission as CommissionReply,
  type CommissionWithHistory,
  CommissionWithHistory as History,
} from '../../server/contract/commissions.ts'
import { type Refund, Refund as RefundReply } from '../../server/contract/refunds.ts'
import { statsOf } from './acts.ts'
import { answered } from './replies.ts'
import type { TestProgram, TestServer } from './server.ts'

type Own = Pick<TestProgram, 'program' | 'secret'>
type Asked = { externalId?: string; conversionExternalId: string; amount?: number | null }

let refunds = 0

/** A refund that is new. */
export async function refund(server: TestServer, { secret }: { secret: string }, asked: Asked): Promise<Refund> {
  const body = { externalId: `refund-${++refunds}`, ...asked }
  return answered(await server.ask('POST', '/v1/refunds', { key: secret, body }), 201, RefundReply)
}

/** A decision on a commission, as the server answers it. */
export function act(server: TestServer, { program, secret }: Own, id: string, act: string, body: object = {}) {
  return server.ask('POST', `/v1/apps/${program.id}/commissions/${id}/${act}`, { key: secret, body })
}

/** The same, taken. */
export async function decided(server: TestServer, own: Own, id: string, what: string, body: object = {}): Promise<Commission> {
  return answered(await act(server, own, id, what, body), 200, CommissionReply)
}

export async function commissionOf(server: TestServer, { program, secret }: Own, id: string): Promise<CommissionWithHistory> {
  return answered(await server.ask('GET', `/v1/apps/${program.id}/commissions/${id}`, { key: secret }), 200, History)
}

export async function commissionList(server: TestServer, { program, secret }: Own, query = '') {
  return answered(await server.ask('GET', `/v1/apps/${program.id}/commissions${query}`, { key: secret }), 200, CommissionList)
}

/** What a partner has in the program's currency: pending and approved, in minor units. */
export async function balanceOf(server: TestServer, own: { secret: string }, partner: { id: string }) {
  const { pending_cents, approved_cents } = await statsOf(server, own as never, partner)
  return [pending_cents, approved_cents]
}

/** What each transaction of the journal comes to in each currency, where that is not zero: nothing, if all is well. */
export async function unbalanced(server: TestServer) {
  const { rows } = await sql`
    select transaction_id, currency, sum(amount) as sum from journal_entries
    group by transaction_id, currency having sum(amount) <> 0`.execute(server.desk().database.db)
  return rows
}

/** Every commission's entries come to what is left of it, and its cost to the same. */
export async function expectExact(server: TestServer) {
  expect(await unbalanced(server)).toEqual([])
  const { db } = server.desk().database
  const entries = await db.selectFrom('journalEntries').selectAll().execute()
  for (const { id, amount, reversed, rejectedAt } of await db.selectFrom('commissions').selectAll().execute()) {
    const own = entries.filter(each => each.commissionId === id)
    const sum = (isCost: boolean) =>
      own
        .filter(each => (each.account === 'commission_expense') === isCost)
        .reduce((total, each) => total + Number(each.amount), 0)
    const left = rejectedAt ? 0 : Number(amount) - Number(reversed)
    expect([sum(false), sum(true)], id).toEqual([left, 0 - left])
  }
}
