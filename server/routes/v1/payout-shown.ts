import type { Payout as Shown } from '../../contract/payouts.ts'
import { Problem } from '../../problem.ts'
import { payoutStatus } from '../../rules/partner-api.ts'
import { missingDetails, type PayTo } from '../../rules/payout.ts'
import { type FileFormat, fits, methodOf, payoutFile } from '../../rules/payout-file.ts'
import { nameOf } from '../../store/partners.ts'
import type { Payout } from '../../store/payouts.ts'
import * as payouts from '../../store/payouts.ts'
import type { Program } from '../../store/programs.ts'
import type { Db } from '../../store/schema.ts'

/** Payouts as every route of our own shows them. */
export async function shown(db: Db, all: Payout[]): Promise<Shown[]> {
  const recipients = await recipientsOf(db, all)
  return all.map(payout => {
    const { id, partnerId, amount, currency, reference, failure, createdAt, paidAt, failedAt } = payout
    const { name, payTo } = recipients(payout)
    const status = payoutStatus(payout)
    const missing = status === 'pending' ? missingDetails(payTo) : []
    const standing = { status, method: payTo.method, payable: status === 'pending' && !missing.length, missing }
    const history = { reference, failure, createdAt, paidAt, failedAt }
    return { id, partnerId, partnerName: name, amount, currency, ...standing, ...history }
  })
}

/** The open payouts that a file can pay, and how many of its method are left out for want of details. */
export async function fileOf(
  db: Db,
  program: Program,
  { method, currency }: { method: FileFormat; currency?: string | undefined },
) {
  const open = await payouts.open(db, program.id, { method: methodOf(method), currency })
  const recipients = await recipientsOf(db, open)
  const transfers = open
    .map(payout => {
      const { name, isCompany, payTo } = recipients(payout)
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

type Recipient = { name: string; isCompany: boolean; payTo: PayTo }

async function recipientsOf(db: Db, all: Payout[]): Promise<(payout: Payout) => Recipient> {
  const found = await payouts.recipients(
    db,
    all.map(each => each.partnerId),
  )
  return ({ partnerId, method, paidAt, failedAt }) => {
    const partner = found.get(partnerId)
    if (!partner) throw new Error(`${partnerId} is not there`)
    const { payoutMethod, payoutEmail, stripeAccountId, metadata, company } = partner
    const own = paidAt || failedAt ? method : (method ?? payoutMethod)
    const known = metadata === null ? {} : JSON.parse(metadata)
    return {
      name: nameOf(partner),
      isCompany: company !== null,
      payTo: { method: own, payoutEmail, stripeAccountId, metadata: known },
    }
  }
}
