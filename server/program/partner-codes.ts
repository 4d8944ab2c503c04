import { Problem } from '../problem.ts'
import { foldCode, labelCode } from '../rules/code.ts'
import * as codes from '../store/codes.ts'
import { inTransaction } from '../store/database.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { randomText } from './ids.ts'

const MOST_IN_USE = 100
const MOST_EVER = 1_000

/**
 * A further code for a partner, which counts from this moment on. A hundred are in use at most; as no code is ever given
 * away again, there are a thousand in all at most.
 */
export function create(desk: Desk, program: Program, { id: partnerId }: Partner, { label }: { label: string }) {
  const createdAt = nowIn(desk, program).toISOString()
  return inTransactionOnce(desk, async db => {
    if ((await partners.hold(db, program.id, partnerId))?.deactivatedAt) throw new Problem('partner_deactivated')
    const { all, inUse } = await codes.count(db, partnerId)
    if (inUse >= MOST_IN_USE || all >= MOST_EVER) throw new Problem('too_many_codes')
    for (let length = 3; ; length++) {
      const code = labelCode(label, randomText(length).toLowerCase())
      const wanted = { programId: program.id, code, partnerId, customerId: null, label, createdAt }
      if (!(await codes.take(db, wanted))) continue
      await record(desk, db, program, { action: 'code.created', object: code, after: { partnerId } })
      return { code, createdAt }
    }
  })
}

/**
 * The code brings nobody from now on; what it brought stays. Done twice it is done once. The code that the partner goes by
 * cannot be retired: 409; another's is not there: 404.
 */
export function retire(desk: Desk, program: Program, { id: partnerId }: Partner, code: string) {
  const retiredAt = nowIn(desk, program).toISOString()
  return inTransaction(desk.database, async db => {
    const partner = await partners.hold(db, program.id, partnerId)
    const known = await codes.find(db, program.id, code)
    if (!partner || known?.partnerId !== partnerId) throw new Problem('code_not_found')
    if (foldCode(partner.slug) === known.codeFold) throw new Problem('code_is_first')
    const retired = await codes.retire(db, { programId: program.id, code, retiredAt })
    const change = { before: { retiredAt: known.retiredAt }, after: { retiredAt: retired.retiredAt } }
    await record(desk, db, program, { action: 'code.retired', object: retired.code, ...change })
    return retired
  })
}
