import type { Database } from '../../store/database.ts'
import { postgresHealth } from '../../store/health.ts'
import { findings } from './finding.ts'

const APART_MS = 2_000
const SITE_APART_MS = 60_000

/** Whether this machine's clock is that of others: holding periods, sign-ins and signatures of webhooks go by it. */
export async function checkClock({ database, site }: { database: Database | null; site: Date | null }) {
  const said = findings('clock')
  const now = Date.now()
  const theirs = database?.engine === 'postgres' ? (await postgresHealth(database))?.now : undefined
  const apart = [
    ...(theirs ? [{ whose: "the database's", ms: theirs.getTime() - (now + Date.now()) / 2, most: APART_MS }] : []),
    ...(site ? [{ whose: "the site's", ms: site.getTime() - now, most: SITE_APART_MS }] : []),
  ]
  for (const { whose, ms, most } of apart) {
    const seconds = Math.round(Math.abs(ms) / 1_000)
    if (Math.abs(ms) > most)
      said.wrong(`The clock is ${seconds} s ${ms > 0 ? 'behind' : 'ahead of'} ${whose}.`, 'Let NTP set it, on all machines.')
    else said.ok(`The clock agrees with ${whose}.`)
  }
  if (!apart.length) said.ok(`It is ${new Date(now).toISOString()}. With --site it is held against the site's.`)
  return said.all
}
