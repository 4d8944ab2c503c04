import { sql } from 'kysely'
import { expect } from 'vitest'
import { Commission } from '../../server/contract/commissions.ts'
import { MadePayouts, Payout, PayoutList, PayoutWithLines } from '../../server/contract/payouts.ts'
import { ClosedPeriod } from '../../server/contract/periods.ts'
import { verify } from '../../server/program/ledger.ts'
import { expectExact } from './money.ts'
import { answered } from './replies.ts'
import type { TestProgram, TestServer } from './server.ts'

type Own = Pick<TestProgram, 'program' | 'secret'>

const path = ({ program }: Own, rest = '') => `/v1/apps/${program.id}/payouts${rest}`

/** A run over everything that is due, or what of it is asked for. */
export async function runPayouts(server: TestServer, own: Own, body?: object): Promise<MadePayouts> {
  return answered(await server.ask('POST', path(own), { key: own.secret, ...(body && { body }) }), 201, MadePayouts)
}

/** What somebody says of a payout, as the server answers it. */
export function mark(server: TestServer, own: Own, id: string, act: 'paid' | 'failed', body: object = {}) {
  return server.ask('POST', path(own, `/${id}/${act}`), { key: own.secret, body })
}

export async function markedPaid(server: TestServer, own: Own, id: string, body: object = {}): Promise<Payout> {
  return answered(await mark(server, own, id, 'paid', body), 200, Payout)
}

export async function markedFailed(server: TestServer, own: Own, id: string, reason = 'Account closed'): Promise<Payout> {
  return answered(await mark(server, own, id, 'failed', { reason }), 200, Payout)
}

export async function payoutOf(server: TestServer, own: Own, id: string): Promise<PayoutWithLines> {
  return answered(await server.ask('GET', path(own, `/${id}`), { key: own.secret }), 200, PayoutWithLines)
}

export async function payoutList(server: TestServer, own: Own, query = '') {
  return answered(await server.ask('GET', path(own, query), { key: own.secret }), 200, PayoutList)
}

/** A correction by hand, which may be paid at once; the commission that it makes. */
export async function adjust(server: TestServer, own: Own, partner: { id: string }, amount: number, currency = 'EUR') {
  const body = { partnerId: partner.id, amount, currency, note: 'For the tests' }
  const made = await server.ask('POST', `/v1/apps/${own.program.id}/commissions`, { key: own.secret, body })
  return answered(made, 201, Commission)
}

export function close(server: TestServer, { program, secret }: Own, period: string) {
  return server.ask('POST', `/v1/apps/${program.id}/periods/${period}/close`, { key: secret })
}

export async function closed(server: TestServer, own: Own, period: string): Promise<ClosedPeriod> {
  return answered(await close(server, own, period), 200, ClosedPeriod)
}

/**
 * Everything that must hold of payouts whatever has happened: each is the sum of its lines and above zero; a commission has
 * in its payouts what is on record of it; and what is in payouts, open and paid, is what the journal says.
 */
export async function expectSettled(server: TestServer) {
  await expectExact(server)
  const { db } = server.desk().database
  const lines = await db
    .selectFrom('payoutLines')
    .innerJoin('payouts', 'payouts.id', 'payoutLines.payoutId')
    .select(['payoutId', 'commissionId', 'payoutLines.amount', 'paidAt', 'failedAt'])
    .execute()
  const sum = (some: { amount: number }[]) => some.reduce((total, each) => total + each.amount, 0)
  for (const { id, amount } of await db.selectFrom('payouts').selectAll().execute()) {
    expect(sum(lines.filter(each => each.payoutId === id))).toBe(amount)
    expect(amount).toBeGreaterThan(0)
  }
  const { rows } = await sql<{ commissionId: string; account: string; amount: number }>`
    select commission_id, account, sum(amount) as amount from journal_entries group by commission_id, account`.execute(db)
  const booked = (commissionId: string, account: string) =>
    Number(rows.find(each => each.commissionId === commissionId && each.account === account)?.amount ?? 0)
  for (const { id, settled, paidOut, amount, reversed, rejectedAt } of await db.selectFrom('commissions').selectAll().execute()) {
    const live = lines.filter(each => each.commissionId === id && !each.failedAt)
    const paid = live.filter(each => each.paidAt)
    expect([settled, paidOut], id).toEqual([sum(live), sum(paid)])
    const [open, done] = [booked(id, 'partner_payable'), booked(id, 'partner_paid')]
    expect([open + done, done], id).toEqual([settled, paidOut])
    const left = booked(id, 'partner_earnings') + booked(id, 'partner_held')
    expect(left, id).toBe((rejectedAt ? 0 : amount - reversed) - settled)
  }
  await expectVerified(server)
}

/** The program that was made last finds nothing wrong with its books. */
async function expectVerified(server: TestServer) {
  const desk = server.desk()
  const programs = [...(await desk.directory.current()).programs.values()]
  const last = programs.reduce((a, b) => (a.id > b.id ? a : b))
  expect((await verify(desk, last)).findings).toEqual([])
}
