import * as conversions from '../store/conversions.ts'
import * as facts from '../store/payment-facts.ts'
import * as names from '../store/payment-names.ts'
import type { Program } from '../store/programs.ts'
import * as refunds from '../store/refunds.ts'
import type { Db } from '../store/schema.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { follow } from './refunds.ts'

/**
 * All of these names are one payment's from now on, in the caller's transaction; `cause` is what has told of it. Returns the id under which it is kept: the
 * one under which it has been reported, or the first name. What was told of it under another is its own. Where it has been
 * reported under two, it counts once.
 */
export async function named(
  desk: Desk,
  db: Db,
  program: Program,
  { names: all, cause }: { names: string[]; cause: string },
): Promise<string> {
  // In one order, so that two who name the same payment do not wait for each other.
  const known = new Map<string, string>()
  for (const name of [...all].sort()) known.set(name, await names.hold(db, program.id, name))
  const ids = [...new Set(all.map(name => known.get(name) ?? name))]
  const [first = ''] = ids
  if (ids.length < 2) return first
  const reported: string[] = []
  for (const id of ids) if (await conversions.byExternalId(db, program.id, id)) reported.push(id)
  const [into = first, ...twice] = reported
  for (const from of ids.filter(id => id !== into)) {
    await facts.moveTo(db, program.id, { from, into })
    await names.add(db, program.id, { name: from, externalId: into })
  }
  for (const id of twice) await countNot(desk, db, program, id)
  const sale = await conversions.byExternalId(db, program.id, into)
  if (sale) await refunds.applied(db, sale)
  await follow(desk, db, program, into, { key: `named:${cause}`, reason: 'refund' })
  return into
}

/** Of a payment that has been reported under two names one is worth nothing. */
async function countNot(desk: Desk, db: Db, program: Program, saleId: string) {
  const sale = await conversions.byExternalId(db, program.id, saleId)
  const row = {
    id: newId('rfd', desk.clock()),
    programId: program.id,
    externalId: `twice:${saleId}`,
    conversionExternalId: saleId,
    conversionId: sale?.id ?? null,
    amount: null,
    createdAt: nowIn(desk, program).toISOString(),
    reply: '{}',
  }
  if (await refunds.insert(db, row)) await follow(desk, db, program, saleId, { key: row.id, reason: 'refund' })
}
