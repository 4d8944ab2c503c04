import { sql } from 'kysely'
import * as v from 'valibot'
import { Settings } from '../../server/contract/programs.ts'
import { foldEmail } from '../../server/rules/email.ts'
import * as codes from '../../server/store/codes.ts'
import { type Database, inTransaction, open } from '../../server/store/database.ts'
import * as partners from '../../server/store/partners.ts'
import * as programs from '../../server/store/programs.ts'
import type { Db } from '../../server/store/schema.ts'
import { readyDatabase } from './database.ts'

const createdAt = '2026-03-01T00:00:00.000Z'

/** A migrated, empty database, without a server around it. */
export async function emptyStore() {
  const { url, remove } = await readyDatabase()
  const database = open(url)
  return {
    url,
    database,
    async close() {
      await database.close()
      await remove()
    },
  }
}

export type Store = Awaited<ReturnType<typeof emptyStore>>

export async function addProgram({ database }: Store, id: string) {
  const settings = v.parse(Settings, { name: id, siteUrl: 'https://acme.example', currency: 'EUR' })
  await inTransaction(database, db => programs.insert(db, { id, settings, clockOffsetMs: 0, createdAt }))
}

type Wanted = { programId: string; code: string }

/** A partner with one code, which is also its id's tail; its address is `<code>@partners.example`. */
export function addPartner({ database }: { database: Database }, wanted: Wanted) {
  return inTransaction(database, db => insertPartner(db, wanted))
}

/** The same in a transaction of the caller's. */
export async function insertPartner(db: Db, { programId, code }: Wanted) {
  const email = `${code}@partners.example`
  const nothing = { customerId: null, firstName: null, lastName: null, company: null, website: null, ratePpm: null }
  const payout = { payoutMethod: null, payoutEmail: null, stripeAccountId: null, metadata: null, searchText: '' }
  const id = `par_${programId}_${code}`
  const times = { createdAt, activatedAt: createdAt, deactivatedAt: null }
  await partners.insert(db, { ...nothing, ...payout, ...times, id, programId, email, emailFold: foldEmail(email), slug: code })
  await codes.take(db, { programId, code, partnerId: id, customerId: null, label: null, createdAt })
  return id
}

/**
 * A transaction that has done `work` and does not end until `release` is called. On SQLite everybody else waits for it;
 * on PostgreSQL those do who want what it has written or locked.
 */
export async function hold(database: Database, work: (db: Db) => Promise<unknown>) {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let done: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    done = inTransaction(database, async db => {
      await work(db)
      resolve()
      await released
    })
    done.catch(reject)
  })
  return async () => {
    release()
    await done
  }
}

/** True once, on PostgreSQL, some transaction waits for another. */
export async function someoneWaits({ db }: Database) {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length > 0
}
