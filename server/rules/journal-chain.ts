import { createHash } from 'node:crypto'

/** One transaction of the journal as its row has it. */
export type Sealed = { id: string; programId: string; key: string; kind: string; at: string; createdAt: string }

/** One of its entries as its row has it; `amount` is minor units. */
export type SealedEntry = {
  position: number
  programId: string
  account: string
  partnerId: string | null
  commissionId: string | null
  currency: string
  amount: number
  availableAt: string | null
}

/** What a chain that has no transaction yet ends with. */
export const NO_HASH = '0'.repeat(64)

/**
 * The SHA-256, in hex, of a transaction with its entries: of every column of its rows, as one JSON text without spaces, in
 * UTF-8. `["jtx_1","prog_1","earned:cnv_1:par_1","commission_earned","2026-03-10T12:00:00.000Z","2026-03-10T12:00:00.000Z",
 * [[0,"prog_1","partner_earnings","par_1","com_1","EUR",11960,"2026-04-09T12:00:00.000Z"],…]]`, the entries by position.
 */
export function contentHash({ id, programId, key, kind, at, createdAt }: Sealed, entries: readonly SealedEntry[]) {
  const rows = [...entries]
    .sort((a, b) => a.position - b.position)
    .map(each => [
      each.position,
      each.programId,
      each.account,
      each.partnerId,
      each.commissionId,
      each.currency,
      each.amount,
      each.availableAt,
    ])
  return sha256(JSON.stringify([id, programId, key, kind, at, createdAt, rows]))
}

type Place = { programId: string; sequence: number; before: string; transactionId: string; content: string }

/**
 * The hash of a transaction's place in its program's chain: the SHA-256, in hex, of
 * `["prog_1",1,"<hash of the place before, or 64 zeros>","jtx_1","<content hash>"]`.
 */
export function chainHash({ programId, sequence, before, transactionId, content }: Place) {
  return sha256(JSON.stringify([programId, sequence, before, transactionId, content]))
}

function sha256(text: string) {
  return createHash('sha256').update(text).digest('hex')
}
