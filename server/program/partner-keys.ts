import { Problem } from '../problem.ts'
import { inTransaction } from '../store/database.ts'
import * as keys from '../store/partner-keys.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { hashed, newId, randomText } from './ids.ts'

const MOST_KEYS = 10

/**
 * A new key for a partner's own systems. The key itself is returned here and nowhere else: only its hash is stored. A
 * partner has ten that work at most, and none is made for one that is not active.
 */
export async function create(desk: Desk, program: Program, { id: partnerId }: Partner, { name }: { name: string }) {
  const key = `${desk.keyPrefix}_pa_${randomText(32)}`
  const made = { id: newId('key', desk.clock()), name, hint: key.slice(-4), createdAt: desk.clock().toISOString() }
  await inTransaction(desk.database, async db => {
    const partner = await partners.hold(db, program.id, partnerId)
    if (partner?.deactivatedAt) throw new Problem('partner_deactivated')
    if (!partner?.activatedAt) throw new Problem('partner_not_active')
    if ((await keys.count(db, partnerId)) >= MOST_KEYS) throw new Problem('too_many_keys')
    await keys.insert(db, { ...made, programId: program.id, partnerId, hash: hashed(key) })
    await record(desk, db, program, { action: 'partner_key.created', object: made.id, after: { partnerId } })
  })
  return { ...made, key }
}

/** The key stops working at once, on every server. 404 for one that is another partner's, or was stopped before. */
export function revoke(desk: Desk, program: Program, { id: partnerId }: Partner, id: string) {
  const revokedAt = desk.clock().toISOString()
  return inTransaction(desk.database, async db => {
    const revoked = await keys.revoke(db, { partnerId, id, revokedAt })
    if (!revoked) throw new Problem('api_key_not_found')
    await record(desk, db, program, {
      action: 'partner_key.revoked',
      object: id,
      before: { revokedAt: null },
      after: { revokedAt },
    })
    return revoked
  })
}
