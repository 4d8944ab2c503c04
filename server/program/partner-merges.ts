import type { Merge } from '../contract/partner-merges.ts'
import { Problem } from '../problem.ts'
import { balancesOf } from '../rules/books.ts'
import { payableFrom } from '../rules/commission-status.ts'
import * as stored from '../store/console.ts'
import * as imports from '../store/import.ts'
import * as journal from '../store/journal.ts'
import * as merges from '../store/partner-merges.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import * as portal from '../store/portal.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { partnerUpdated } from './news.ts'
import { removeAllOf } from './webhooks.ts'

type Two = { id: string; into: string }
type Pair = { partner: Partner; into: Partner }

/** What merging one partner into another will mean. Nothing is changed by asking; refused as the merge itself would be. */
export async function preview(desk: Desk, program: Program, { id, into }: Two): Promise<Merge> {
  const { db } = desk.database
  const pair = assertMergeable(await partners.byId(db, program.id, id), await partners.byId(db, program.id, into))
  return meaning(desk, db, program, pair)
}

/**
 * Merges one partner into another, for good, and says what that came to. The codes, customers and leads of the first are the
 * other's, and so is what the first is owed: every commission of which something is owed, held or owed back goes there by
 * entries that take from the one as much as they give to the other. What is in a payout stays in it, and what comes back from
 * there later goes to the other. What was earned stays on the record of who earned it. The first one's keys, sessions and
 * webhook endpoints end. 404 for a partner that is not the program's, 409 where the two cannot be merged.
 */
export function merge(desk: Desk, program: Program, { id, into }: Two): Promise<Merge> {
  return inTransactionOnce(desk, async db => {
    const now = nowIn(desk, program).toISOString()
    // Before the partners, as an import does that gives something to them.
    await imports.holdTurn(db, program.id, now)
    const pair = assertMergeable(...(await holdBoth(db, program, { id, into })))
    const two = { programId: program.id, from: id, into }
    const referrals = await merges.give(db, 'referrals', two)
    // After the referrals, so that whatever their customers have paid by now has its commission.
    await merges.holdCommissions(db, program.id, id)
    const known = { ...(await meaning(desk, db, program, pair)), referrals }
    await giveCommissions(desk, db, program, { id, into })
    await merges.give(db, 'codes', two)
    await merges.give(db, 'deals', two)
    await end(desk, db, program, pair, known.balances)
    return known
  })
}

function assertMergeable(partner: Partner | undefined, into: Partner | undefined): Pair {
  if (!partner || !into) throw new Problem('partner_not_found')
  if (partner.id === into.id) throw new Problem('merge_into_itself')
  if (partner.mergedInto) throw new Problem('partner_is_merged')
  if (into.deactivatedAt) throw new Problem('merge_into_inactive')
  return { partner, into }
}

/** Both, held; in one order, or two who merge them at once would wait for each other. */
async function holdBoth(db: Db, program: Program, { id, into }: Two) {
  const held = new Map<string, Partner | undefined>()
  for (const each of [...new Set([id, into])].sort()) held.set(each, await partners.hold(db, program.id, each))
  return [held.get(id), held.get(into)] as const
}

async function meaning(desk: Desk, db: Db, program: Program, { partner, into }: Pair): Promise<Merge> {
  const now = nowIn(desk, program).toISOString()
  const at = { programId: program.id, partnerId: partner.id }
  const balances = await merges.balances(db, partner.id, now)
  const { keys, endpoints } = await stored.heldBy(db, program.id, partner.id)
  return {
    partner: sideOf(partner),
    into: sideOf(into),
    codes: await merges.count(db, 'codes', at),
    referrals: await merges.count(db, 'referrals', at),
    deals: await merges.count(db, 'deals', at),
    commissions: await merges.countWithBalance(db, at),
    balances,
    balancesAfter: added(await merges.balances(db, into.id, now), balances),
    payoutsWaiting: await stored.openPayouts(db, partner.id),
    keys,
    endpoints,
  }
}

function sideOf(partner: Partner): Merge['into'] {
  return { id: partner.id, name: partners.nameOf(partner), email: partner.email, status: partners.statusOf(partner) }
}

function added(one: merges.Balance[], other: merges.Balance[]): merges.Balance[] {
  const byCurrency = Map.groupBy([...one, ...other], each => each.currency)
  const sum = (all: merges.Balance[], of: 'pending' | 'approved' | 'held') => all.reduce((total, each) => total + each[of], 0)
  return [...byCurrency]
    .map(([currency, all]) => ({
      currency,
      pending: sum(all, 'pending'),
      approved: sum(all, 'approved'),
      held: sum(all, 'held'),
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

const AT_ONCE = 500

/** Moves what is owed of each commission, some hundreds in a transaction of the journal, with the dates that they have. */
async function giveCommissions(desk: Desk, db: Db, program: Program, { id: from, into }: Two) {
  const now = nowIn(desk, program).toISOString()
  for (let part = 1; ; part++) {
    const some = await merges.withBalance(db, { programId: program.id, partnerId: from, limit: AT_ONCE })
    if (!some.length) return
    const entries = some.flatMap(commission => {
      const { id: commissionId, currency } = commission
      const { partner_earnings, partner_held } = balancesOf(commission)
      const slots = [
        { account: 'partner_earnings' as const, amount: partner_earnings, availableAt: payableFrom(commission) },
        { account: 'partner_held' as const, amount: partner_held, availableAt: null },
      ].filter(each => each.amount !== 0)
      return slots.flatMap(slot => [
        { ...slot, amount: -slot.amount, partnerId: from, commissionId, currency },
        { ...slot, partnerId: into, commissionId, currency },
      ])
    })
    await merges.giveCommissions(db, some, { from, into })
    const transaction = { id: newId('jtx', desk.clock()), programId: program.id, key: `merged:${from}:${into}:${part}` }
    await journal.post(db, { ...transaction, kind: 'partner_merged', at: now, createdAt: now, entries })
  }
}

/** The partner is deactivated and goes by whom it has been merged into; whatever let it in lets nobody in any more. */
async function end(desk: Desk, db: Db, program: Program, { partner, into }: Pair, balances: Merge['balances']) {
  const now = desk.clock().toISOString()
  await portal.endAllOf(db, partner.id, now)
  await merges.revokeKeys(db, partner.id, now)
  await removeAllOf(desk, db, { program, partnerId: partner.id })
  const deactivatedAt = partner.deactivatedAt ?? nowIn(desk, program).toISOString()
  const after = await partners.update(db, partner.id, { deactivatedAt, mergedInto: into.id })
  await record(desk, db, program, {
    action: 'partner.merged',
    object: partner.id,
    before: partner,
    after: { ...after, balances },
  })
  const got = { action: 'partner.updated', object: into.id, after: { mergedFrom: partner.id, balances } } as const
  await record(desk, db, program, got)
  await announce(desk, db, program, partnerUpdated(after))
}
