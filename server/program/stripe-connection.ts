import { Problem } from '../problem.ts'
import { signedText } from '../providers/stripe.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import * as stripe from '../store/stripe.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { opened, sealed } from './sealed.ts'

/** What a program's endpoint at Stripe signs with is this from now on; what it was before is not taken any more. */
export function connect(desk: Desk, program: Program, secret: string) {
  const createdAt = desk.clock().toISOString()
  const hint = secret.slice(-4)
  return inTransaction(desk.database, async db => {
    const before = await stripe.connection(db, program.id)
    const row = { programId: program.id, secret: sealed(desk, program.id, secret), hint, createdAt }
    await stripe.putConnection(db, row)
    await record(desk, db, program, {
      action: 'stripe.connected',
      object: program.id,
      before: before ? { hint: before.hint, since: before.createdAt } : null,
      after: { hint, since: createdAt },
    })
    return row
  })
}

/** Nothing that Stripe sends is taken any more; what it has told stays. Without a connection nothing changes. */
export function disconnect(desk: Desk, program: Program) {
  return inTransaction(desk.database, async db => {
    const before = await stripe.connection(db, program.id)
    if (!before || !(await stripe.removeConnection(db, program.id))) return
    await record(desk, db, program, { action: 'stripe.disconnected', object: program.id, before: { hint: before.hint } })
  })
}

/** The text of what was sent to a program, if Stripe has signed it with the program's secret in the last five minutes. */
export async function verified(
  desk: Desk,
  programId: string,
  { payload, signature }: { payload: Uint8Array; signature: string },
) {
  const connection = await stripe.connection(desk.database.db, programId)
  const secret = connection && opened(desk, programId, connection.secret)
  // Signatures are of the real time: a program whose clock is moved gets its events today.
  const text = secret ? await signedText({ payload, signature, secret, at: desk.clock() }) : null
  if (text === null) throw new Problem('bad_signature')
  return text
}
