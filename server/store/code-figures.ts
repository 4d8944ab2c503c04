import { sql } from 'kysely'
import { foldCode } from '../rules/code.ts'
import { compiled } from './compiled.ts'
import { inParts } from './import.ts'
import type { Db } from './schema.ts'

// What each of the partners' codes has brought, kept in the transactions in which it comes in. A code never goes from one
// partner to another by itself, so these sums are the code's, whoever it belongs to.

type Step = 'signups' | 'conversions'

/** Adds one signup or conversion to a code, after the days and months: in the order in which clicks are counted. */
export async function addCount(db: Db, step: Step, { programId, code }: { programId: string; code: string }) {
  const [signups, conversions] = step === 'signups' ? [1, 0] : [0, 1]
  const column = sql.ref(step)
  await sql`insert into code_counts (program_id, code_fold, clicks, signups, conversions)
    values (${programId}, ${foldCode(code)}, 0, ${signups}, ${conversions})
    on conflict (program_id, code_fold) do update set ${column} = code_counts.${column} + 1`.execute(db)
}

/** Adds what a referral has earned, or lost again, to the code that it came through; minor units. */
export async function addEarned(db: Db, of: { referralId: string; currency: string; amount: number }) {
  await sql`insert into code_earned (program_id, code_fold, currency, amount)
    select program_id, lower(code), ${of.currency}, ${of.amount} from referrals
    where id = ${of.referralId} and partner_id is not null
    on conflict (program_id, code_fold, currency) do update set amount = code_earned.amount + excluded.amount`.execute(db)
}

/** By referral and step, and by referral and currency: the parts of a key stand on lines of their own. */
type Sums = { counted: Map<string, number>; earned: Map<string, number> }

/** Adds what an import has brought, by referral, to the codes of those. */
export async function addAll(db: Db, programId: string, { counted, earned }: Sums) {
  const ids = [...new Set([...counted.keys(), ...earned.keys()].map(key => key.slice(0, key.indexOf('\n'))))].sort()
  const rows = await inParts(ids, some => db.selectFrom('referrals').select(['id', 'code']).where('id', 'in', some).execute())
  const folds = new Map(rows.map(each => [each.id, foldCode(each.code)]))
  for (const [[codeFold, step], times] of byCode(counted, folds))
    await sql`insert into code_counts (program_id, code_fold, clicks, signups, conversions)
      values (${programId}, ${codeFold}, 0, ${step === 'signups' ? times : 0}, ${step === 'conversions' ? times : 0})
      on conflict (program_id, code_fold) do update set signups = code_counts.signups + excluded.signups,
        conversions = code_counts.conversions + excluded.conversions`.execute(db)
  for (const [[codeFold, currency], amount] of byCode(earned, folds))
    await sql`insert into code_earned (program_id, code_fold, currency, amount)
      values (${programId}, ${codeFold}, ${currency}, ${amount})
      on conflict (program_id, code_fold, currency) do update set amount = code_earned.amount + excluded.amount`.execute(db)
}

function byCode(sums: Map<string, number>, folds: Map<string, string>) {
  const found = new Map<string, number>()
  for (const [key, amount] of sums) {
    const [referralId = '', of] = key.split('\n')
    const own = `${folds.get(referralId)}\n${of}`
    found.set(own, (found.get(own) ?? 0) + amount)
  }
  // In one order, so that two that add to the same codes do not wait for each other.
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, amount]) => [key.split('\n'), amount] as const)
}

export type Figures = {
  clicks: number
  signups: number
  conversions: number
  earned: { currency: string; amount: number }[]
}

const countedOf = compiled((db, { partnerId }: { partnerId: string }) =>
  db
    .selectFrom('codes')
    .innerJoin('codeCounts', join =>
      join.onRef('codeCounts.programId', '=', 'codes.programId').onRef('codeCounts.codeFold', '=', 'codes.codeFold'),
    )
    .select(['codes.codeFold', 'clicks', 'signups', 'conversions'])
    .where('partnerId', '=', partnerId),
)

const earnedOf = compiled((db, { partnerId }: { partnerId: string }) =>
  db
    .selectFrom('codes')
    .innerJoin('codeEarned', join =>
      join.onRef('codeEarned.programId', '=', 'codes.programId').onRef('codeEarned.codeFold', '=', 'codes.codeFold'),
    )
    .select(['codes.codeFold', 'currency', 'amount'])
    .where('partnerId', '=', partnerId)
    .orderBy('currency'),
)

/** What a partner's codes have brought, by the code as it folds: two reads by key, however many clicks there were. */
export async function ofPartner(db: Db, partnerId: string): Promise<(code: string) => Figures> {
  const [counted, earned] = await Promise.all([countedOf(db, { partnerId }), earnedOf(db, { partnerId })])
  const counts = new Map(counted.map(({ codeFold, ...each }) => [codeFold, each]))
  const sums = Map.groupBy(earned, each => each.codeFold)
  return code => {
    const fold = foldCode(code)
    const own = sums.get(fold) ?? []
    const { clicks = 0, signups = 0, conversions = 0 } = counts.get(fold) ?? {}
    return { clicks, signups, conversions, earned: own.map(({ currency, amount }) => ({ currency, amount })) }
  }
}
