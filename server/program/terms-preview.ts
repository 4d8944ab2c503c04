import { setImmediate } from 'node:timers/promises'
import type { TermsPreview } from '../contract/terms.ts'
import { Problem } from '../problem.ts'
import { dayOf } from '../rules/period.ts'
import { type Terms, termsFor } from '../rules/terms.ts'
import { Comparisons, type Paid, type Worth, worthUnder } from '../rules/terms-preview.ts'
import * as books from '../store/books.ts'
import type { Program } from '../store/programs.ts'
import * as store from '../store/terms-preview.ts'
import type { Desk } from './desk.ts'
import { changedBy } from './programs.ts'

// A page is held in memory and nobody else has a turn meanwhile; all pages together take some seconds. One customer is a page
// at least: its limits are those of all its payments.
const MOST_AT_ONCE = 2_000
const MOST_IN_ALL = 200_000

export type Preview = { payments: number; total: Comparisons; partners: Map<string, Comparisons> }

/**
 * What a change of terms would have done to the payments of a span of days: worked out with the rules that book them, from
 * all that is known of them by now, and compared with what is on record. A partner's own rate, a rejection and a
 * deactivation hold all the same. Nothing is written. 422 where there are too many payments to be looked at in one go.
 */
export async function preview(desk: Desk, program: Program, asked: TermsPreview): Promise<Preview> {
  const { from, to, referrals, ...change } = asked
  const { db } = desk.database
  const { timeZone } = program.settings
  const settings = changedBy(
    program.settings,
    Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  )
  // Days begin at another moment in each zone: a day more on either side, of which the calendar then takes its own.
  const paid = { from: shifted(from, -1), to: shifted(to, 2) }
  const found: Preview = { payments: 0, total: new Comparisons(), partners: new Map() }
  const isAsked = (instant: string) => {
    const day = dayOf(new Date(instant), timeZone)
    return from <= day && day <= to
  }
  let read = 0
  for (let [after, limit] = ['', 50]; ; ) {
    const page = await store.referralsPaidIn(db, program.id, {
      ...{ paid, after, limit },
      madeFrom: referrals === 'all' ? null : paid.from,
    })
    const ids = page.map(each => each.id)
    if (!ids.length) return found
    const most = limit > 1 ? MOST_AT_ONCE : MOST_IN_ALL
    const payments = await store.paymentsOf(db, ids, most + 1)
    if (payments.length > most && limit > 1) {
      limit = Math.ceil(limit / 7)
      continue
    }
    read += payments.length
    if (read > MOST_IN_ALL) throw Problem.at('to', `There are more than ${MOST_IN_ALL} payments to look at. Name a shorter span.`)
    const facts = await factsOf(desk, program, payments)
    const recorded = await store.commissionsOf(db, ids)
    const byReferral = Map.groupBy(payments, each => each.referralId)
    for (const { id, partnerId, terms: kept, createdAt, rejectedAt } of page) {
      if (!partnerId || (referrals !== 'all' && dayOf(new Date(createdAt), timeZone) < from)) continue
      const own = (byReferral.get(id) ?? []).map(each => ({ ...each, facts: facts(each.id) }))
      const before: Terms = JSON.parse(kept)
      const after = worthUnder(own, termsFor(settings, before.from === 'partner' ? before.ratePpm : null))
      for (const { id, occurredAt } of own) {
        if (!isAsked(occurredAt)) continue
        found.payments++
        const line = recorded.get(id)
        const isOut = rejectedAt !== null || (line !== undefined && line.rejectedAt !== null)
        const was = line && !isOut ? { ...line, amount: line.amount - line.reversed } : null
        count(found, partnerId, was, isOut ? null : (after.get(id) ?? null))
      }
    }
    after = ids.at(-1) ?? ''
    // SQLite answers at once: without a pause a long preview would let nobody else have a turn.
    await setImmediate()
  }
}

function count({ total, partners }: Preview, partnerId: string, before: Worth | null, after: Worth | null) {
  const own = partners.get(partnerId) ?? new Comparisons()
  partners.set(partnerId, own)
  for (const each of [total, own]) each.add(before, after)
}

/** All that is known of some payments, by id. */
async function factsOf(desk: Desk, program: Program, payments: { id: string }[]) {
  const known = new Map<string, Paid['facts']>()
  for (let i = 0; i < payments.length; i += 500) {
    const ids = payments.slice(i, i + 500).map(each => each.id)
    for (const [id, facts] of await books.salesOf(desk.database.db, program.id, ids)) known.set(id, facts)
  }
  const nothing: Paid['facts'] = { refunds: [], totals: [], failures: [], disputes: [] }
  return (id: string) => known.get(id) ?? nothing
}

function shifted(day: string, by: number) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString()
}
