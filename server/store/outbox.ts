import type { Db } from './schema.ts'
import { underWay } from './sendings.ts'

/** How much the outside has still to be told, by kind. Mails that were given up count as well: nobody has got them. */
export async function waiting(db: Db) {
  const mails = await db
    .selectFrom('mails')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('sentAt', 'is', null)
    .executeTakeFirstOrThrow()
  const deliveries = await db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('nextAttemptAt', 'is not', null)
    .executeTakeFirstOrThrow()
  const rewards = await db
    .selectFrom('rewards')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('nextAttemptAt', 'is not', null)
    .executeTakeFirstOrThrow()
  const sent = await underWay(db)
  return {
    mails: Number(mails.count),
    deliveries: Number(deliveries.count),
    rewards: Number(rewards.count),
    payouts: sent.all,
    payouts_in_doubt: sent.unknown,
  }
}
