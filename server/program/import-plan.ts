import type { ImportCode, ImportedLine, ImportSource } from '../contract/import.ts'
import { foldCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import type { Owner, Person } from '../rules/import-rows.ts'
import { dayOf } from '../rules/period.ts'
import type { KnownPartner } from '../store/import-known.ts'
import type { Writes } from '../store/import-rows.ts'
import type { Program } from '../store/programs.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'
import type { PaidElsewhere } from './import-paid.ts'
import { heirOf, type World } from './import-world.ts'

/** What the planning of one batch works with: it writes nothing but `writes` and what it tells the world of. */
export type Plan = {
  desk: Desk
  program: Program
  source: ImportSource
  w: World
  writes: Writes
  /** What of the batch was paid elsewhere, by what makes it one payout. */
  paid: Map<string, PaidElsewhere>
  /** The moment of the import, in the program. */
  now: string
}

/** What became of one thing, but for the line that it stands on. */
export type Told = Omit<ImportedLine, 'type' | 'line' | 'noun' | 'key'> & { key?: string | null; noun: ImportedLine['noun'] }

export function refuse(noun: string, code: ImportCode, message: string, key?: string): Told {
  return { noun, outcome: 'refused', code, message, ...(key !== undefined && { key }) }
}

/** The partner that a row means: by the source's id for it, by address, or by a code, whichever leads to one. */
export function partnerOf({ w }: Plan, { id, email, code }: Owner): KnownPartner | undefined {
  const known = [
    id && w.partnerByName.get(id)?.objectId,
    email && w.partnerByEmail.get(foldEmail(email)),
    code && w.codes.get(foldCode(code))?.partnerId,
  ]
  for (const each of known) {
    const partner = each ? w.partners.get(heirOf(w, each)) : undefined
    if (partner) return partner
  }
  return undefined
}

/** The customer that a row means, if there is one yet. */
export function customerOf({ w }: Plan, { key, externalId, email, stripeId }: Person) {
  const known = [
    externalId && w.customerByExternal.get(externalId),
    stripeId && w.customerByStripe.get(stripeId),
    key && w.customerByName.get(key)?.objectId,
  ]
  for (const each of known) {
    const customer = each ? w.customers.get(each) : undefined
    if (customer) return customer
  }
  const mailed = email ? w.customers.get(w.customerByEmail.get(foldEmail(email)) ?? '') : undefined
  // Of one address, but of another id: somebody else as far as the host is concerned.
  return mailed && (externalId === null || mailed.externalId === null) ? mailed : undefined
}

/** From now on the source's name for something means that one, of which it has said this. */
export function name(plan: Plan, kind: 'partner' | 'customer' | 'commission', key: string, of: { id: string; says: string }) {
  const layer = { partner: plan.w.partnerByName, customer: plan.w.customerByName, commission: plan.w.commissionByName }[kind]
  layer.plan(key, { objectId: of.id, fingerprint: of.says })
  if (kind === 'partner') plan.w.partnerName.plan(of.id, key)
  plan.writes.names.push({
    programId: plan.program.id,
    source: plan.source,
    kind,
    foreignKey: key,
    objectId: of.id,
    fingerprint: of.says,
    createdAt: plan.now,
  })
}

export function add(sums: Map<string, number>, parts: string[], amount: number) {
  const key = parts.join('\n')
  sums.set(key, (sums.get(key) ?? 0) + amount)
}

export function dayIn({ program }: Plan, at: string) {
  return dayOf(new Date(at), program.settings.timeZone)
}

export const idOf = (plan: Plan, prefix: Parameters<typeof newId>[0]) => newId(prefix, plan.desk.clock())
