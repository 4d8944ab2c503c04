import { expect } from 'vitest'
import type { Db } from '../../server/store/schema.ts'

/** What is kept of every code is what follows from the clicks, referrals, payments and commissions that there are. */
export async function expectFigures(db: Db) {
  const right: Record<string, number> = {}
  const count = (key: string, amount = 1) => {
    right[key] = (right[key] ?? 0) + amount
  }
  for (const { programId, code, partnerId, ignored } of await db.selectFrom('clicks').selectAll().execute())
    if (partnerId && !ignored) count(`${programId} ${code.toLowerCase()} clicks`)
  const referrals = new Map((await db.selectFrom('referrals').selectAll().execute()).map(each => [each.id, each]))
  const codeOf = (id: string | null) => {
    const referral = referrals.get(id ?? '')
    return referral?.partnerId ? `${referral.programId} ${referral.code.toLowerCase()}` : null
  }
  for (const id of referrals.keys()) if (codeOf(id)) count(`${codeOf(id)} signups`)
  for (const { referralId, partnerId } of await db.selectFrom('conversions').selectAll().execute())
    if (partnerId && codeOf(referralId)) count(`${codeOf(referralId)} conversions`)
  for (const { referralId, currency, amount, reversed, rejectedAt } of await db.selectFrom('commissions').selectAll().execute())
    if (!rejectedAt && codeOf(referralId)) count(`${codeOf(referralId)} ${currency}`, amount - reversed)

  const found: Record<string, number> = {}
  for (const { programId, codeFold, ...counts } of await db.selectFrom('codeCounts').selectAll().execute())
    for (const [name, value] of Object.entries(counts))
      if (Number(value)) found[`${programId} ${codeFold} ${name}`] = Number(value)
  for (const { programId, codeFold, currency, amount } of await db.selectFrom('codeEarned').selectAll().execute())
    if (Number(amount)) found[`${programId} ${codeFold} ${currency}`] = Number(amount)
  expect(found).toEqual(Object.fromEntries(Object.entries(right).filter(([, value]) => value !== 0)))
}
