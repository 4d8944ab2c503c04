import * as commissions from '../store/commissions.ts'
import * as customers from '../store/customers.ts'
import * as store from '../store/import.ts'
import { postAll } from '../store/import-journal.ts'
import { addSums } from '../store/import-sums.ts'
import * as partners from '../store/partners.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import type { Plan } from './import-plan.ts'
import { openPeriod } from './periods.ts'
import { applyWaiting } from './refunds.ts'

/** Writes what was planned for a batch, in the transaction in which it was planned. */
export async function write(db: Db, { desk, program, writes, now }: Plan) {
  const known = await store.holdSales(
    db,
    program.id,
    writes.conversions.map(each => each.externalId),
  )
  await store.insert(db, 'customers', writes.customers)
  for (const { id, change } of writes.customerChanges) await customers.update(db, id, change)
  await store.insert(db, 'partners', writes.partners)
  for (const { id, change } of writes.partnerChanges) await partners.update(db, id, change)
  await store.insert(db, 'codes', writes.codes)
  await store.putStripeCustomers(db, writes.stripeCustomers)
  await store.insert(db, 'referrals', writes.referrals)
  for (const { id, change } of writes.referralChanges) await referrals.update(db, id, change)
  await store.insert(db, 'conversions', writes.conversions)
  await store.insert(db, 'payouts', writes.payouts)

  const months = await monthsFor(db, { desk, program, writes, now })
  const rows = writes.commissions.map(({ month, isPast, worth, ...row }) => {
    const period = isPast ? month : (months.get(month) ?? month)
    addTo(writes.sums.months, [period, row.partnerId, row.currency], worth)
    return { ...row, period }
  })
  for (const { month, partnerId, currency, amount } of writes.monthChanges)
    addTo(writes.sums.months, [months.get(month) ?? month, partnerId, currency], amount)
  await store.insert(db, 'commissions', rows)
  for (const { id, change } of writes.commissionChanges) await commissions.update(db, id, change)
  await store.insert(db, 'commissionDecisions', writes.decisions)
  await store.insertLines(db, writes.lines)
  await addSums(db, program.id, writes.sums)
  await postAll(db, program.id, writes.postings)
  await store.putNames(db, writes.names)
  // What was given back of a payment before anybody told of the payment itself.
  for (const { id, externalId } of writes.conversions) if (known.has(externalId)) await applyWaiting(desk, db, program, id)
}

/** Into which month each is booked: its own, or one that is still open where somebody has been told what its own came to. */
async function monthsFor(db: Db, { desk, program, writes, now }: Pick<Plan, 'desk' | 'program' | 'writes' | 'now'>) {
  const past = new Set(writes.commissions.filter(each => each.isPast && each.worth !== 0).map(each => each.month))
  await store.putPastPeriods(db, program.id, [...past].sort(), now)
  const open = new Set([
    ...writes.commissions.filter(each => !each.isPast).map(each => each.month),
    ...writes.monthChanges.map(each => each.month),
  ])
  const months = new Map<string, string>()
  for (const month of [...open].sort()) months.set(month, await openPeriod(desk, db, program, month))
  return months
}

function addTo(sums: Map<string, number>, parts: string[], amount: number) {
  const key = parts.join('\n')
  if (amount !== 0) sums.set(key, (sums.get(key) ?? 0) + amount)
}
