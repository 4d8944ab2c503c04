import type { Payout as Shown } from '../../contract/payouts.ts'
import { Problem } from '../../problem.ts'
import { type Desk, nowIn } from '../../program/desk.ts'
import { creditTransfers, sepaTransfer } from '../../rules/pain001.ts'
import { payoutStatus } from '../../rules/partner-api.ts'
import { waitsUntil } from '../../rules/pay-to.ts'
import { missingDetails, type PayTo } from '../../rules/payout.ts'
import { type FileFormat, fits, methodOf, payoutFile } from '../../rules/payout-file.ts'
import { dayOf } from '../../rules/period.ts'
import { nameOf } from '../../store/partners.ts'
import * as batches from '../../store/payout-batches.ts'
import type { Payout } from '../../store/payouts.ts'
import * as payouts from '../../store/payouts.ts'
import type { Program } from '../../store/programs.ts'
import type { Db } from '../../store/schema.ts'
import * as sendings from '../../store/sendings.ts'

/** Payouts as every route of our own shows them. */
export async function shown(desk: Desk, program: Program, all: Payout[]): Promise<Shown[]> {
  const { db } = desk.database
  const recipients = await recipientsOf(desk, program, all)
  const isSending = await sendings.amongThem(
    db,
    all.map(each => each.id),
  )
  return all.map(payout => {
    const { id, partnerId, amount, currency, reference, failure, createdAt, paidAt, failedAt, batchId } = payout
    const { name, payTo, waits } = recipients(payout)
    const status = payoutStatus(payout)
    const missing = status === 'pending' ? missingDetails(payTo) : []
    const standing = {
      status,
      method: payTo.method,
      payable: status === 'pending' && !missing.length && !waits && !isSending.has(id),
      missing,
      waitsUntil: status === 'pending' && !isSending.has(id) ? waits : null,
    }
    const history = { reference, failure, createdAt, paidAt, failedAt, batchId }
    return { id, partnerId, partnerName: name, amount, currency, ...standing, ...history }
  })
}

/** What a run has left, with the names of those whose it is. */
export async function named<T extends { partnerId: string }>(db: Db, all: T[]) {
  const found = await payouts.recipients(
    db,
    all.map(each => each.partnerId),
  )
  return all.map(each => {
    const partner = found.get(each.partnerId)
    return { ...each, partnerName: partner ? nameOf(partner) : each.partnerId }
  })
}

/** The open payouts that a file can pay, and how many of its method are left out: for want of details, or because they wait. */
export async function fileOf(
  desk: Desk,
  program: Program,
  { method, currency, batch }: { method: FileFormat; currency?: string | undefined; batch?: string | undefined },
) {
  const { db } = desk.database
  if (batch !== undefined) await batchOf(db, program, batch)
  const open = await toBePaid(db, program, { method: methodOf(method), currency, batch })
  const recipients = await recipientsOf(desk, program, open)
  const transfers = open
    .filter(each => !recipients(each).waits)
    .map(payout => {
      const { payee: name, isCompany, payTo } = recipients(payout)
      const { id, partnerId, amount, currency } = payout
      return { id, partnerId, amount, currency, name, isCompany, ...payTo }
    })
    .filter(each => fits(method, each))
  if (method === 'paypal' && new Set(transfers.map(each => each.currency)).size > 1)
    throw Problem.at('currency', 'PayPal takes one currency in a file. Name one.')
  const { settings } = program
  const text = payoutFile(method, transfers, { currency: settings.currency, note: settings.name })
  return { text, leftOut: open.length - transfers.length }
}

/**
 * A batch's open euro transfers as pain.001, and how many of them are left out for want of an account that SEPA reaches, or
 * because they wait. 409 where the program's own account is not known, or nothing is left to be paid.
 */
export async function sepaFileOf(desk: Desk, program: Program, { batch: id, on }: { batch: string; on?: string | undefined }) {
  const { db } = desk.database
  const batch = await batchOf(db, program, id)
  const { name, timeZone, sepa } = program.settings
  if (!sepa.iban) throw new Problem('sepa_not_set_up')
  const open = await toBePaid(db, program, { method: 'bank_transfer', currency: 'EUR', batch: id })
  const recipients = await recipientsOf(desk, program, open)
  const transfers = open.flatMap(payout => {
    const { payee: name, payTo, waits } = recipients(payout)
    if (waits) return []
    return sepaTransfer({ id: payout.id, partnerId: payout.partnerId, amount: payout.amount, name, ...payTo }) ?? []
  })
  if (!transfers.length) throw new Problem('payout_file_empty')
  // Another file of the same batch has another name only when something of it has been settled, so that a bank, which takes
  // a name once, never pays the same payout by two of them.
  const settled = batch.count - (await payouts.open(db, program.id, { batch: id })).length
  const text = creditTransfers({
    messageId: `${batch.hash.slice(0, 28)}-${settled}`,
    createdAt: batch.createdAt,
    executeOn: on ?? dayOf(new Date(batch.createdAt), timeZone),
    note: name,
    debtor: { name: sepa.debtorName ?? name, iban: sepa.iban, bic: sepa.bic },
    transfers,
  })
  return { text, leftOut: open.length - transfers.length }
}

/** Open payouts that may stand in a file: what a provider is sending may not, or it would be paid twice. */
async function toBePaid(db: Db, program: Program, filter: Parameters<typeof payouts.open>[2]) {
  const all = await payouts.open(db, program.id, filter)
  const isSending = await sendings.amongThem(
    db,
    all.map(each => each.id),
  )
  return all.filter(each => !isSending.has(each.id))
}

/** A batch that is named; 404 where there is none of the program's. */
async function batchOf(db: Db, program: Program, id: string) {
  const batch = await batches.byId(db, program.id, id)
  if (!batch) throw new Problem('payout_batch_not_found')
  return batch
}

/** `payee` is whose account it will be: the company's, where the partner is one. `waits`: until when nothing goes there. */
type Recipient = { name: string; payee: string; isCompany: boolean; payTo: PayTo; waits: string | null }

async function recipientsOf(desk: Desk, program: Program, all: Payout[]): Promise<(payout: Payout) => Recipient> {
  const now = nowIn(desk, program).toISOString()
  const found = await payouts.recipients(
    desk.database.db,
    all.map(each => each.partnerId),
  )
  return ({ partnerId, method, paidAt, failedAt }) => {
    const partner = found.get(partnerId)
    if (!partner) throw new Error(`${partnerId} is not there`)
    const { payoutMethod, payoutEmail, stripeAccountId, metadata, company, payoutChangedAt } = partner
    const own = paidAt || failedAt ? method : (method ?? payoutMethod)
    const known = metadata === null ? {} : JSON.parse(metadata)
    return {
      name: nameOf(partner),
      payee: company ?? nameOf(partner),
      isCompany: company !== null,
      payTo: { method: own, payoutEmail, stripeAccountId, metadata: known },
      waits: waitsUntil(payoutChangedAt, program.settings.payoutCoolingDays, now),
    }
  }
}
