import { suggestCode } from '../rules/code.ts'
import * as codes from '../store/codes.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import type { Program } from '../store/programs.ts'
import { type Desk, nowIn } from './desk.ts'
import { randomText } from './ids.ts'

/** A customer's own code, made if it has none: its first name and a tail that makes it free, such as `ADA-7KXQ`. */
export async function codeOf(desk: Desk, program: Program, customer: Customer): Promise<string> {
  const known = await codes.ofCustomer(desk.database.db, program.id, customer.id)
  if (known) return known.code
  return inTransaction(desk.database, async db => {
    // Two pages of one customer may ask at once: the second finds what the first has made. The name stays out of the
    // code where it has no letters that every link can carry.
    const held = await customers.hold(db, customer.id)
    const owner = held ?? (await customers.byAnyId(db, program.id, customer.id)) ?? customer
    const made = await codes.ofCustomer(db, program.id, owner.id)
    if (made) return made.code
    const name = /[A-Za-z]/.test(owner.name ?? '') ? (owner.name as string) : 'friend'
    for (let length = 4; ; length++) {
      const code = suggestCode(name, randomText(length).toUpperCase())
      const own = { programId: program.id, code, partnerId: null, customerId: owner.id, label: null }
      if (await codes.take(db, { ...own, createdAt: nowIn(desk, program).toISOString() })) return code
    }
  })
}
