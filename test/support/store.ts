import * as v from 'valibot'
import { Settings } from '../../server/contract/programs.ts'
import { foldEmail } from '../../server/rules/email.ts'
import * as codes from '../../server/store/codes.ts'
import { type Database, inTransaction, open } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import * as partners from '../../server/store/partners.ts'
import * as programs from '../../server/store/programs.ts'
import { emptyDatabase } from './database.ts'

const createdAt = '2026-03-01T00:00:00.000Z'

/** A migrated, empty database, without a server around it. */
export async function emptyStore() {
  const { url, remove } = await emptyDatabase()
  const database = open(url)
  await migrate(database)
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

/** A partner with one code, which is also its id's tail. */
export function addPartner({ database }: Store, { programId, code }: { programId: string; code: string }) {
  const email = `${code}@partners.example`
  const nothing = { customerId: null, firstName: null, lastName: null, company: null, website: null, ratePpm: null }
  const payout = { payoutMethod: null, payoutEmail: null, stripeAccountId: null, metadata: null, searchText: '' }
  const id = `par_${programId}_${code}`
  const person = {
    id,
    programId,
    email,
    emailFold: foldEmail(email),
    slug: code,
    createdAt,
    activatedAt: createdAt,
    deactivatedAt: null,
  }
  return inTransaction(database, async db => {
    await partners.insert(db, { ...nothing, ...payout, ...person })
    await codes.take(db, { programId, code, partnerId: id, customerId: null, label: null, createdAt })
    return id
  })
}

/** Holds up every other writer until `release` is called: on SQLite the whole database, on PostgreSQL one table. */
export async function hold(
  database: Database,
  lock: (db: Parameters<Parameters<typeof inTransaction>[1]>[0]) => Promise<unknown>,
) {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let done: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    done = inTransaction(database, async db => {
      await lock(db)
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
