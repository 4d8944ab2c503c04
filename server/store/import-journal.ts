import { contentHash } from '../rules/journal-chain.ts'
import { insert } from './import.ts'
import { addOwed, type Sums } from './import-sums.ts'
import { owed, type Posting } from './journal.ts'
import type { Db } from './schema.ts'

/** Writes many transactions of one program's journal as `journal.post` writes one. */
export async function postAll(db: Db, programId: string, postings: Posting[]) {
  const sums: Sums = new Map()
  const rows = postings.map(({ entries, ...transaction }) => {
    const total = entries.reduce((sum, each) => sum + each.amount, 0)
    const isOne = entries.every(each => each.currency === entries[0]?.currency)
    if (total !== 0 || !isOne || !entries.length) throw new Error(`The entries of ${transaction.key} do not balance`)
    for (const [at, amount] of owed(entries)) {
      const key = at.replace(' ', '\n')
      sums.set(key, (sums.get(key) ?? 0) + amount)
    }
    const placed = entries.map((entry, position) => ({ ...entry, transactionId: transaction.id, programId, position }))
    return { transaction, entries: placed }
  })
  await insert(
    db,
    'journalTransactions',
    rows.map(each => each.transaction),
  )
  await insert(
    db,
    'journalEntries',
    rows.flatMap(each => each.entries),
  )
  await insert(
    db,
    'journalWaiting',
    rows.map(({ transaction, entries }) => ({
      ...{ programId, transactionId: transaction.id },
      content: contentHash(transaction, entries),
    })),
  )
  await addOwed(db, programId, sums)
}
