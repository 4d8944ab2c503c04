import { sql } from 'kysely'
import * as codes from './code-figures.ts'
import { inParts } from './import.ts'
import type { Db, Schema } from './schema.ts'

/** Sums by what they are of: the parts of a key stand on lines of their own. */
export type Sums = Map<string, number>

/**
 * By partner and day; by partner, day and currency; by day and currency; by month, partner and currency; by day and step; by
 * referral and step; by referral and currency.
 */
export type AllSums = Record<
  'signups' | 'sales' | 'earned' | 'revenue' | 'months' | 'referralDays' | 'codeSteps' | 'codeEarned',
  Sums
>

/** Adds to the sums that are kept by partner, day, month and currency; in the order in which everybody else does it. */
export async function addSums(db: Db, programId: string, all: AllSums) {
  const { signups, sales, earned, revenue, months, referralDays } = all
  await addCounts(db, programId, signups, 'signups')
  await addCounts(db, programId, sales, 'conversions')
  const money = new Map<string, { revenue: number; commissions: number }>()
  const of = (key: string) => {
    const known = money.get(key) ?? { revenue: 0, commissions: 0 }
    money.set(key, known)
    return known
  }
  for (const [[, day, currency], amount] of split(earned)) of(`${day}\n${currency}`).commissions += amount
  for (const [[day, currency], amount] of split(revenue)) of(`${day}\n${currency}`).revenue += amount
  await add(
    db,
    { table: 'partnerDayEarned', key: ['partnerId', 'day', 'currency'], sums: ['amount'] },
    split(earned).map(([[partnerId, day, currency], amount]) => ({ partnerId, day, currency, amount })),
  )
  await add(
    db,
    { table: 'programDayMoney', key: ['programId', 'day', 'currency'], sums: ['revenue', 'commissions'] },
    split(money).map(([[day, currency], both]) => ({ programId, day, currency, ...both })),
  )
  await codes.addAll(db, programId, { counted: all.codeSteps, earned: all.codeEarned })
  await add(
    db,
    { table: 'partnerPeriods', key: ['programId', 'period', 'partnerId', 'currency'], sums: ['amount'] },
    split(months).map(([[period, partnerId, currency], amount]) => ({ programId, period, partnerId, currency, amount })),
  )
  const none = { rewarded: 0, capped: 0, rejected: 0, credits: 0 }
  await add(
    db,
    { table: 'referralDay', key: ['programId', 'day', 'campaign'], sums: ['signups', 'qualified'] },
    [...Map.groupBy(split(referralDays), ([[day]]) => day ?? '')].map(([day, steps]) => {
      const times = (step: string) => steps.filter(([[, each]]) => each === step).reduce((sum, [, times]) => sum + times, 0)
      return { programId, day, campaign: '', signups: times('signups'), qualified: times('qualified'), ...none }
    }),
  )
}

/** Adds to what is owed, by currency and the day from which it may be paid. */
export async function addOwed(db: Db, programId: string, owed: Sums) {
  await add(
    db,
    { table: 'programOwed', key: ['programId', 'currency', 'availableOn'], sums: ['amount'] },
    split(owed).map(([[currency, availableOn], amount]) => ({ programId, currency, availableOn, amount })),
  )
}

async function addCounts(db: Db, programId: string, counts: Sums, what: 'signups' | 'conversions') {
  const [days, months] = [new Map<string, number>(), new Map<string, number>()]
  const rowOf = (times: number) => ({ clicks: 0, signups: 0, conversions: 0, [what]: times })
  for (const [[partnerId = '', day = ''], times] of split(counts)) {
    days.set(day, (days.get(day) ?? 0) + times)
    const month = `${day.slice(0, 7)}\n${partnerId}`
    months.set(month, (months.get(month) ?? 0) + times)
  }
  await add(
    db,
    { table: 'partnerDay', key: ['partnerId', 'day'], sums: [what] },
    split(counts).map(([[partnerId, day], times]) => ({ partnerId, day, ...rowOf(times) })),
  )
  await add(
    db,
    { table: 'programDay', key: ['programId', 'day'], sums: [what] },
    split(days).map(([[day], times]) => ({ programId, day, ...rowOf(times) })),
  )
  await add(
    db,
    { table: 'partnerMonth', key: ['programId', 'month', 'partnerId'], sums: [what] },
    split(months).map(([[month, partnerId], times]) => ({ programId, month, partnerId, ...rowOf(times) })),
  )
}

type Adding = { table: keyof Schema; key: string[]; sums: string[] }

/** Adds rows to those of the same key. */
async function add(db: Db, { table, key, sums }: Adding, rows: Record<string, unknown>[]) {
  await inParts(rows, async some => {
    const added = sums.map(name => [name, sql`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`])
    await db
      .insertInto(table as 'programOwed')
      .values(some as never)
      .onConflict(on => on.columns(key as never).doUpdateSet(Object.fromEntries(added) as never))
      .execute()
    return []
  })
}

/** The keys' parts, in the order of the keys: whoever adds in one order waits for nobody who waits for it. */
function split<T>(sums: Map<string, T>) {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key.split('\n'), value] as const)
}
