import type { NewRefund, Refund } from '../contract/refunds.ts'
import { Problem } from '../problem.ts'
import { givenBack } from '../rules/given-back.ts'
import { counted } from '../rules/reversal.ts'
import type { Conversion } from '../store/conversions.ts'
import * as conversions from '../store/conversions.ts'
import { inTransaction } from '../store/database.ts'
import * as facts from '../store/payment-facts.ts'
import * as names from '../store/payment-names.ts'
import type { Program } from '../store/programs.ts'
import type { Refund as Row } from '../store/refunds.ts'
import * as refunds from '../store/refunds.ts'
import type { Db } from '../store/schema.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { type Cause, recount } from './recount.ts'

/**
 * Books a refund and takes back its share of what the payment earned, on the terms of that time. Said twice it is booked
 * once, and answered alike; the same external id for another refund is refused. One whose payment is not known yet waits
 * for it. 60.00 refunded of 120.00 that earned 30.00 leaves 15.00; the rest leaves exactly nothing.
 */
export function refund(desk: Desk, program: Program, wanted: NewRefund): Promise<{ refund: Refund; made: boolean }> {
  const now = nowIn(desk, program).toISOString()
  return inTransaction(desk.database, async db => {
    const saleId = await names.hold(db, program.id, wanted.conversionExternalId)
    const row: Row = {
      id: newId('rfd', desk.clock()),
      programId: program.id,
      externalId: wanted.externalId,
      conversionExternalId: saleId,
      conversionId: null,
      amount: wanted.amount ?? null,
      createdAt: now,
      reply: '',
    }
    if (!(await refunds.insert(db, row))) return { refund: await repeated(db, program, row), made: false }
    const sale = await conversions.byExternalId(db, program.id, saleId)
    const shown = { ...(sale ? await apply(desk, db, program, row, sale) : waiting(row)) }
    shown.conversionExternalId = wanted.conversionExternalId
    await refunds.update(db, row.id, { reply: JSON.stringify(shown) })
    return { refund: shown, made: true }
  })
}

/** Books what was told of a payment before the payment itself was reported, in the payment's transaction. */
export async function applyWaiting(desk: Desk, db: Db, program: Program, conversionId: string) {
  const sale = await conversions.byId(db, program.id, conversionId)
  if (!sale) return
  await refunds.applied(db, sale)
  await recount(desk, db, program, sale, { key: sale.id, reason: 'refund' })
}

export type Charge = { eventId: string; charge: string; amount: number; at: string }

/** What a charge has been given back in all, told as one sum, in the transaction of what told it. Whatever was summed before it holds. */
export async function total(desk: Desk, db: Db, program: Program, saleId: string, { eventId, ...charge }: Charge) {
  const row = { programId: program.id, eventId, conversionExternalId: saleId, ...charge }
  if (await facts.addTotal(db, row)) await follow(desk, db, program, saleId, { key: eventId, reason: 'refund' })
}

export type Failure = { refundExternalId: string; charge: string; amount: number; at: string }

/**
 * A refund that was told of, or will be, has failed, in the transaction of what told it: exactly its own slice is given
 * back. Told again nothing changes. 60.00 of 120.00 that earned 30.00 left 15.00, and 30.00 once it has failed.
 */
export async function fail(desk: Desk, db: Db, program: Program, saleId: string, failure: Failure) {
  const row = { programId: program.id, conversionExternalId: saleId, ...failure }
  const cause = { key: `failed:${failure.refundExternalId}`, reason: 'refund_failed' } as const
  if (await facts.addFailure(db, row)) await follow(desk, db, program, saleId, cause)
}

/** What follows for a payment from something that has become known of it; nothing before the payment itself is. */
export async function follow(desk: Desk, db: Db, program: Program, saleId: string, cause: Cause) {
  const sale = await conversions.byExternalId(db, program.id, saleId)
  if (sale) await recount(desk, db, program, sale, cause)
}

async function apply(desk: Desk, db: Db, program: Program, row: Row, sale: Conversion): Promise<Refund> {
  const { refunds: all, ...rest } = await facts.ofSale(db, sale)
  const before = givenBack({ ...rest, refunds: all.filter(each => each.externalId !== row.externalId) })
  await refunds.update(db, row.id, { conversionId: sale.id })
  const reversals = await recount(desk, db, program, sale, { key: row.id, reason: 'refund' })
  const paid = sale.amount - sale.discount
  const hasFailed = rest.failures.some(each => each.refundExternalId === row.externalId)
  const counts = hasFailed ? 0 : counted(row.amount, { paid, refunded: before })
  return { ...waiting(row), status: 'applied', counted: counts, currency: sale.currency, reversals }
}

async function repeated(db: Db, program: Program, wanted: Row): Promise<Refund> {
  const known = await refunds.byExternalId(db, program.id, wanted.externalId)
  const same = known?.conversionExternalId === wanted.conversionExternalId && known.amount === wanted.amount
  if (!known || !same) throw new Problem('refund_differs')
  return JSON.parse(known.reply)
}

function waiting({ id, externalId, conversionExternalId, amount, createdAt }: Row): Refund {
  const known = { id, externalId, conversionExternalId, amount, createdAt }
  return { ...known, status: 'waiting', counted: null, currency: null, reversals: [] }
}
