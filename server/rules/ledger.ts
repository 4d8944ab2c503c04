import { differs, none, type Wrong } from './books.ts'
import { chainHash, contentHash, NO_HASH, type Sealed, type SealedEntry } from './journal-chain.ts'

type Place = { programId: string; sequence: number; transactionId: string; content: string; hash: string }
export type Owner = { partnerId: string; currency: string }

type Beside = {
  seal: { content: string | null } | undefined
  ownerOf(commissionId: string): Owner | undefined
  /** Into whom those partners have been merged that have been. */
  merged?: ReadonlyMap<string, string>
}

/** What of a transaction is not as it was posted, does not balance, or concerns nobody. Amounts are minor units. */
export function wrongInTransaction(
  transaction: Sealed & { entries: readonly SealedEntry[] },
  { seal, ownerOf, merged = new Map() }: Beside,
): Wrong[] {
  const { id, key, entries } = transaction
  const wrong: Wrong[] = []
  if (!seal)
    wrong.push({
      ...none('transaction_not_sealed', id),
      message: `Transaction ${key} has been added past the server: it has no seal.`,
    })
  // What an earlier release has posted and nobody has sealed yet is taken as it is.
  if (seal && seal.content !== null) {
    const actual = contentHash(transaction, entries)
    const expected = seal.content
    if (actual !== expected) {
      const message = `Transaction ${key}, or one of its entries, is not as it was posted.`
      wrong.push({ code: 'transaction_changed', object: id, expected, actual, message })
    }
  }
  for (const [currency, rows] of Map.groupBy(entries, each => each.currency)) {
    const sum = Number(rows.reduce((total, each) => total + BigInt(each.amount), 0n))
    if (sum !== 0) wrong.push(differs('transaction_unbalanced', id, currency, 0, sum, `The sum of transaction ${key}`))
  }
  if (!entries.length) wrong.push({ ...none('transaction_unbalanced', id), message: `Transaction ${key} has no entries.` })
  for (const { position, commissionId, partnerId, currency } of entries) {
    const owner = commissionId === null ? undefined : ownerOf(commissionId)
    if (owner && comesTo(partnerId, owner.partnerId, merged) && owner.currency === currency) continue
    const expected = owner ? `${owner.partnerId} ${owner.currency}` : null
    const actual = `${partnerId} ${currency}`
    const message = owner
      ? `Entry ${position} of transaction ${key} is not in the name of the partner, or the currency, of commission ${commissionId}.`
      : `Entry ${position} of transaction ${key} is of commission ${commissionId}, which is not there.`
    wrong.push({ code: 'entry_stray', object: id, expected, actual, message })
  }
  return wrong
}

/** True of a partner itself, and of whoever has been merged into it, by however many steps. */
function comesTo(partnerId: string | null, owner: string, merged: ReadonlyMap<string, string>) {
  const seen = new Set<string>()
  for (let at = partnerId; at !== null && !seen.has(at); at = merged.get(at) ?? null) {
    if (at === owner) return true
    seen.add(at)
  }
  return false
}

/** Reads a chain from its beginning, place by place, and says what of it does not hang together. */
export function chainReader(programId: string) {
  let length = 0
  let hash = NO_HASH
  return {
    /** What is wrong with the next place. */
    next(place: Place & { isThere: boolean }): Wrong[] {
      const { sequence, transactionId, content } = place
      const wrong: Wrong[] = []
      const object = String(sequence)
      if (sequence !== length + 1) {
        const message = `After place ${length} of the chain comes place ${sequence}: those between have been taken away.`
        wrong.push({ code: 'chain_broken', object, expected: String(length + 1), actual: String(sequence), message })
      } else {
        const expected = chainHash({ programId, sequence, before: hash, transactionId, content })
        const message = `Place ${sequence} of the chain, that of transaction ${transactionId}, does not follow from the place before it.`
        if (expected !== place.hash) wrong.push({ code: 'chain_broken', object, expected, actual: place.hash, message })
      }
      if (!place.isThere) {
        const message = `The transaction at place ${sequence} of the chain has been taken away.`
        wrong.push({ ...none('transaction_missing', transactionId), message })
      }
      // Whatever follows is held against what is there, so that one break is found once.
      length = sequence
      hash = place.hash
      return wrong
    },
    /** What is wrong with its end. */
    end(head: { length: number; hash: string }): Wrong[] {
      if (head.length === length && head.hash === hash) return []
      const message = `The chain ends at place ${length}, and ought to end at place ${head.length}.`
      const [expected, actual] = [`${head.length} ${head.hash}`, `${length} ${hash}`]
      return [{ code: 'chain_broken', object: 'end', expected, actual, message }]
    },
  }
}
