import { sql } from 'kysely'
import { open } from '../server/store/database.ts'
import type { Target } from './rounds.ts'

/** What a database holds of clicks, once its server has stopped. */
export async function held(databaseUrl: string) {
  const database = open(databaseUrl)
  try {
    const one = async (text: string) => Number((await sql.raw<{ n: number }>(text).execute(database.db)).rows[0]?.n)
    return {
      rows: await one(`select count(*) as n from clicks where ignored is null`),
      bots: await one(`select count(*) as n from clicks where ignored = 'bot'`),
      ofPartners: await one(`select sum(clicks) as n from partner_day`),
      ofMonths: await one(`select sum(clicks) as n from partner_month`),
      ofProgram: await one(`select sum(clicks) as n from program_day`),
    }
  } finally {
    await database.close()
  }
}

/** Where what was acknowledged and what is held differ, in words. */
export function differences({ acknowledged }: Target, found: Awaited<ReturnType<typeof held>>) {
  const { bots, ...clicks } = found
  const expected = Object.keys(clicks).map(name => [name, acknowledged.fresh, clicks[name as keyof typeof clicks]] as const)
  return [...expected, ['bots', acknowledged.bot, bots] as const]
    .filter(([, wanted, is]) => wanted !== is)
    .map(([name, wanted, is]) => `${name}: ${wanted} acknowledged, ${is} found`)
}
