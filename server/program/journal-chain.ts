import { setImmediate } from 'node:timers/promises'
import { chainHash, contentHash, NO_HASH } from '../rules/journal-chain.ts'
import { inTransaction } from '../store/database.ts'
import * as journal from '../store/journal.ts'
import * as chain from '../store/journal-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'

// A batch is short: on SQLite nobody else writes meanwhile.
const AT_ONCE = 200

/**
 * Gives every transaction of a program's journal that has none its place in the program's chain, once, a batch at a time
 * and each in a transaction that does nothing else. Any number of servers may do it at once. What is posted meanwhile may
 * be left to the next time.
 */
export async function seal(desk: Desk, programId: string) {
  for (let sealed = AT_ONCE; sealed === AT_ONCE; ) {
    sealed = await inTransaction(desk.database, db => sealSome(db, programId, desk.clock().toISOString()))
    // SQLite answers at once: without a pause a long journal would let nobody else have a turn.
    await setImmediate()
  }
}

/** The same for all programs. One whose journal cannot be sealed does not keep the others from it. */
export async function sealAll(desk: Desk) {
  const failed: unknown[] = []
  for (const programId of await chain.programsWaiting(desk.database.db))
    await seal(desk, programId).catch(error => failed.push(error))
  if (failed.length) throw new AggregateError(failed, `The journals of ${failed.length} programs could not be sealed`)
}

async function sealSome(db: Db, programId: string, sealedAt: string) {
  const head = await chain.holdHead(db, programId)
  const found = await chain.waiting(db, programId, AT_ONCE)
  const posted = await journal.whole(
    db,
    found.filter(each => each.content === null).map(each => each.transactionId),
  )
  const contents = new Map(posted.map(({ entries, ...transaction }) => [transaction.id, contentHash(transaction, entries)]))
  let { length: sequence, hash } = head
  const added = found.flatMap(({ transactionId, ...known }) => {
    // One that has been taken away meanwhile gets its place all the same, so that it is missed.
    const content = known.content ?? contents.get(transactionId) ?? NO_HASH
    sequence++
    hash = chainHash({ programId, sequence, before: hash, transactionId, content })
    return { programId, sequence, transactionId, content, hash, sealedAt }
  })
  await chain.add(db, programId, added)
  return added.length
}
