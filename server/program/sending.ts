import type { EndSending, SendPayouts, SentPayouts } from '../contract/sending.ts'
import { Problem, type ProblemCode } from '../problem.ts'
import { payoutStatus } from '../rules/partner-api.ts'
import { waitsUntil } from '../rules/pay-to.ts'
import { canSend } from '../rules/provider-amount.ts'
import { isUnderWay, type Provider } from '../rules/sending.ts'
import { inTransaction } from '../store/database.ts'
import * as partners from '../store/partners.ts'
import * as connections from '../store/payout-providers.ts'
import type { Payout } from '../store/payouts.ts'
import * as payouts from '../store/payouts.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Sending } from '../store/sendings.ts'
import * as sendings from '../store/sendings.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { settleFailed, settlePaid } from './payouts.ts'

/** How long a call for many may take. */
const PATIENCE_MS = 20_000

/**
 * Has a payout sent by its partner's provider: from now on nobody else can mark it, and the server sends it by itself, once,
 * and says what came of it. Again, while it is under way, changes nothing. 409 says why it cannot be sent.
 */
export function send(desk: Desk, program: Program, id: string): Promise<Sending> {
  return inTransactionOnce(desk, db => begin(desk, db, program, id))
}

async function begin(desk: Desk, db: Db, program: Program, id: string) {
  const payout = await payouts.hold(db, program.id, id)
  if (!payout) throw new Problem('payout_not_found')
  const before = await sendings.byPayout(db, id)
  if (before && isUnderWay(before.state)) return before
  const { provider, destination } = await wayOf(desk, db, program, payout)
  // What is being sent goes by this method, whatever the partner chooses meanwhile.
  if (payout.method !== provider) await payouts.update(db, id, { method: provider })
  const at = desk.clock().toISOString()
  const wanted = { provider, state: 'waiting' as const, amount: payout.amount, currency: payout.currency, destination }
  const sending = before
    ? await sendings.update(db, id, { ...wanted, detail: null, tries: 0, nextAt: at, endedAt: null })
    : await sendings.insert(db, { ...wanted, payoutId: id, programId: program.id, nextAt: at, createdAt: at })
  const { amount, currency } = payout
  await record(desk, db, program, { action: 'payout.sent', object: id, after: { provider, amount, currency } })
  return sending
}

/**
 * Has several sent, or all that are open and not being sent: each that can be, and of the others the code of the reason. Where
 * there are so many that nobody would wait for it, `more` says that some are left for the next call.
 */
export async function sendAll(desk: Desk, program: Program, { ids, method }: SendPayouts): Promise<SentPayouts> {
  const startedAt = performance.now()
  const result: SentPayouts = { sending: [], left: [], more: false }
  for (const payoutId of new Set(ids ?? (await openOf(desk, program, method)))) {
    if (performance.now() - startedAt > PATIENCE_MS) return { ...result, more: true }
    try {
      await inTransaction(desk.database, db => begin(desk, db, program, payoutId))
      result.sending.push(payoutId)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      result.left.push({ payoutId, code: error.code })
    }
  }
  return result
}

async function openOf(desk: Desk, program: Program, method: Provider | undefined) {
  const { db } = desk.database
  const found: string[] = []
  for (const each of method ? [method] : (['paypal', 'stripe'] as const))
    for (const { id } of await payouts.open(db, program.id, { method: each })) found.push(id)
  const underWay = await sendings.amongThem(db, found)
  return found.filter(id => !underWay.has(id))
}

/**
 * Ends a sending by somebody's word, who has looked at the provider's own pages: paid, failed, or never sent, which opens the
 * payout again. 409 while a call is under way, and where nothing is being sent.
 */
export function end(desk: Desk, program: Program, id: string, seen: EndSending): Promise<Sending> {
  const now = desk.clock().toISOString()
  return inTransactionOnce(desk, async db => {
    const payout = await payouts.hold(db, program.id, id)
    if (!payout) throw new Problem('payout_not_found')
    const before = await sendings.byPayout(db, id)
    if (!before || !isUnderWay(before.state)) throw new Problem('payout_is_not_sending')
    // Claiming it keeps a call from beginning, and says whether one is under way.
    const { claims, leasedUntil } = await sendings.update(db, id, { claims: before.claims + 1 })
    if (claims !== before.claims + 1 || (leasedUntil && leasedUntil > now)) throw new Problem('payout_is_sending')
    const { as, note } = seen
    const state = as === 'not_sent' ? 'stopped' : as
    const outcome = ({ paid: 'done', failed: 'refused', not_sent: 'stopped' } as const)[as]
    const keyNumber = before.keyNumber + (as === 'not_sent' ? 1 : 0)
    const over = { nextAt: null, leasedUntil: null, doubtSince: null, lastSentAt: null, handle: null, endedAt: now }
    const sending = await sendings.update(db, id, { ...over, state, keyNumber, detail: note })
    const attempt = { payoutId: id, programId: program.id, act: 'by_hand' as const, key: keyOf(before) }
    await sendings.addAttempt(db, { ...attempt, startedAt: now, endedAt: now, outcome, reason: note })
    await record(desk, db, program, {
      action: 'payout.sending_ended',
      object: id,
      before: { state: before.state },
      after: { state },
    })
    if (seen.as === 'paid') await settlePaid(desk, db, program, id, seen.reference)
    if (seen.as === 'failed') await settleFailed(desk, db, program, id, note)
    return sending
  })
}

/** The key that a call goes under: the same for every repetition of a transfer that may have moved money. */
export function keyOf({ payoutId, keyNumber }: Pick<Sending, 'payoutId' | 'keyNumber'>) {
  return `mislata_${payoutId}_${keyNumber}`
}

type Way = { provider: Provider; destination: string }

/** By whom and where to a payout goes, if it can be sent at all. */
async function wayOf(desk: Desk, db: Db, program: Program, payout: Payout): Promise<Way> {
  const status = payoutStatus(payout)
  if (status !== 'pending') throw new Problem(status === 'paid' ? 'payout_is_paid' : 'payout_is_failed')
  if (program.settings.mode === 'test') throw new Problem('test_program_sends_nothing')
  const partner = await partners.byId(db, program.id, payout.partnerId)
  const method = payout.method ?? partner?.payoutMethod
  if (method !== 'stripe' && method !== 'paypal') throw new Problem('payout_method_not_sent')
  const destination = method === 'stripe' ? partner?.stripeAccountId : partner?.payoutEmail
  if (!destination) throw new Problem('payout_lacks_details')
  const { payoutCoolingDays } = program.settings
  if (waitsUntil(partner?.payoutChangedAt ?? null, payoutCoolingDays, nowIn(desk, program).toISOString()))
    throw new Problem('payout_details_changed')
  if (!canSend(method, payout.amount, payout.currency)) throw new Problem('payout_currency_not_sent')
  if (!(await connections.find(db, program.id, method))) throw new Problem('payout_provider_not_connected')
  await assertWhole(db, payout)
  return { provider: method, destination }
}

/** What is sent is what the payout's lines come to. */
export async function assertWhole(db: Db, { id, amount }: Pick<Payout, 'id' | 'amount'>) {
  if (amount <= 0 || (await sendings.sumOfLines(db, id)) !== amount)
    throw new Problem('payout_does_not_add_up' satisfies ProblemCode)
}
