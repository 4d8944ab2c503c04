import { Problem } from '../problem.ts'
import { inTransaction } from '../store/database.ts'
import * as keys from '../store/keys.ts'
import type { Program } from '../store/programs.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { hashed, newId, randomText } from './ids.ts'

/** A new key. The key itself is returned here and nowhere else: only its hash is stored. */
export async function create(desk: Desk, program: Program, wanted: { type: 'secret' | 'publishable'; name: string }) {
  const key = `${desk.keyPrefix}_${wanted.type === 'secret' ? 'sk' : 'pk'}_${randomText(32)}`
  const made = { id: newId('key', desk.clock()), ...wanted, hint: key.slice(-4), createdAt: desk.clock().toISOString() }
  const kept = await inTransactionOnce(desk, async db => {
    await keys.insert(db, { ...made, programId: program.id, hash: hashed(key) })
    await record(desk, db, program, { action: 'api_key.created', object: made.id, after: wanted })
    return { ...made, key }
  })
  desk.directory.forget()
  return kept
}

/** The key stops working at once. */
export async function revoke(desk: Desk, program: Program, id: string) {
  const revokedAt = desk.clock().toISOString()
  const revoked = await inTransaction(desk.database, async db => {
    const revoked = await keys.revoke(db, { programId: program.id, id, revokedAt })
    if (!revoked) throw new Problem('api_key_not_found')
    await record(desk, db, program, { action: 'api_key.revoked', object: id, before: { revokedAt: null }, after: { revokedAt } })
    return revoked
  })
  desk.directory.forget()
  return revoked
}
