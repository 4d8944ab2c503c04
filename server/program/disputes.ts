import { merged, type Told } from '../rules/dispute.ts'
import * as facts from '../store/payment-facts.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { type Desk, nowIn } from './desk.ts'
import { follow } from './refunds.ts'

/**
 * What is told of a dispute over a payment, in the transaction of what tells it, which holds the payment: opened, it holds
 * the commission; lost, it takes back the share that a refund of the same amount would; won, it lets go of all. Told in any
 * order and any number of times the result is the same, and of a payment that is not known yet it waits for that.
 */
export async function tell(
  desk: Desk,
  db: Db,
  program: Program,
  saleId: string,
  told: Told & { externalId: string; eventId: string },
) {
  const { externalId, eventId, ...now } = told
  const known = await facts.dispute(db, program.id, externalId)
  const after = merged(known, now)
  const { conversionExternalId = saleId, createdAt = nowIn(desk, program).toISOString() } = known ?? {}
  await facts.putDispute(db, { programId: program.id, externalId, conversionExternalId, createdAt, ...after })
  const reason = after.outcome === 'lost' ? 'dispute_lost' : 'dispute_won'
  await follow(desk, db, program, conversionExternalId, { key: eventId, reason })
}
