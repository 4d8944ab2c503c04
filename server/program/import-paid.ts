import { payableFrom } from '../rules/commission-status.ts'
import type { NewCommission } from '../rules/import-rows.ts'
import { sourceNames } from '../rules/import-vendors.ts'
import { worth } from '../rules/standing.ts'
import type { KnownCommission, KnownPartner } from '../store/import-known.ts'
import type { Entry } from '../store/journal.ts'
import { idOf, type Plan } from './import-plan.ts'

type Line = { commissionId: string; amount: number; payableFrom: string }

/** What a partner was paid elsewhere in one day and currency, as far as one batch tells of it. */
export type PaidElsewhere = {
  id: string
  partnerId: string
  currency: string
  method: string | null
  reference: string
  paidAt: string
  lines: Line[]
}

/**
 * A commission that was paid where it comes from: from the beginning in a payout that is paid, so that it never is payable
 * here. Those of one partner, currency, day and reference are one payout.
 */
export function payElsewhere(
  plan: Plan,
  commission: KnownCommission,
  { partner, row }: { partner: KnownPartner; row: NewCommission },
): KnownCommission {
  const amount = worth(commission)
  if (amount <= 0) return commission
  const paidAt = row.paidAt ?? row.occurredAt
  const reference = row.reference ?? `Paid by ${sourceNames[plan.source]}`
  const key = JSON.stringify([partner.id, row.currency, paidAt.slice(0, 10), reference])
  const payout = plan.paid.get(key) ?? {
    ...{ id: idOf(plan, 'pay'), partnerId: partner.id, currency: row.currency, method: partner.payoutMethod },
    ...{ reference, paidAt, lines: [] },
  }
  plan.paid.set(key, payout)
  if (paidAt > payout.paidAt) payout.paidAt = paidAt
  payout.lines.push({ commissionId: commission.id, amount, payableFrom: payableFrom(commission) })
  return { ...commission, payoutId: payout.id, settled: amount, paidOut: amount, paidAt }
}

/** Writes the payouts of a batch down, each with its lines and its two transactions in the journal. */
export function settle({ paid, writes, program, ...plan }: Plan) {
  for (const { id, lines, ...payout } of paid.values()) {
    const { partnerId, currency, method, reference, paidAt } = payout
    const amount = lines.reduce((sum, each) => sum + each.amount, 0)
    const row = { id, programId: program.id, partnerId, amount, currency, method, reference, createdAt: paidAt, paidAt }
    writes.payouts.push(row)
    const entries = (of: (line: Line) => Pick<Entry, 'account' | 'amount' | 'availableAt'>[]): Entry[] =>
      lines.flatMap(line => of(line).map(each => ({ ...each, partnerId, commissionId: line.commissionId, currency })))
    const post = (kind: 'payout_created' | 'payout_paid', all: Entry[]) =>
      writes.postings.push({
        ...{ id: idOf({ ...plan, paid, writes, program }, 'jtx'), programId: program.id, key: `${kind}:${id}`, kind },
        ...{ at: paidAt, createdAt: plan.now, entries: all },
      })
    post(
      'payout_created',
      entries(line => [
        { account: 'partner_earnings', amount: -line.amount, availableAt: line.payableFrom },
        { account: 'partner_payable', amount: line.amount, availableAt: null },
      ]),
    )
    post(
      'payout_paid',
      entries(line => [
        { account: 'partner_payable', amount: -line.amount, availableAt: null },
        { account: 'partner_paid', amount: line.amount, availableAt: null },
      ]),
    )
    for (const [position, { commissionId, amount: part }] of lines.entries())
      writes.lines.push({
        ...{ payoutId: id, position, programId: program.id, commissionId, number: 1, amount: part },
        settledBefore: 0,
      })
  }
  paid.clear()
}
