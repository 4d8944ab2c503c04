import type { Insertable, Selectable } from 'kysely'
import type { Provider } from '../rules/sending.ts'
import type { Db, Schema } from './schema.ts'

/** What a program pays out through. */
export type Connection = Selectable<Schema['payoutProviders']>

export function all(db: Db, programId: string): Promise<Connection[]> {
  return db.selectFrom('payoutProviders').selectAll().where('programId', '=', programId).orderBy('provider').execute()
}

export function find(db: Db, programId: string, provider: Provider): Promise<Connection | undefined> {
  return db
    .selectFrom('payoutProviders')
    .selectAll()
    .where('programId', '=', programId)
    .where('provider', '=', provider)
    .executeTakeFirst()
}

/** Puts credentials in the place of earlier ones; whose account they are for is to be found out anew. */
export function put(db: Db, row: Insertable<Schema['payoutProviders']>): Promise<Connection> {
  const { environment, secret, hint, createdAt } = row
  return db
    .insertInto('payoutProviders')
    .values(row)
    .onConflict(on => on.columns(['programId', 'provider']).doUpdateSet({ environment, secret, hint, createdAt, account: null }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function remove(db: Db, programId: string, provider: Provider) {
  await db.deleteFrom('payoutProviders').where('programId', '=', programId).where('provider', '=', provider).execute()
}

/** Keeps whose account some credentials are for, unless others have taken their place. */
export async function putAccount(db: Db, { programId, provider, secret }: Connection, account: string) {
  await db
    .updateTable('payoutProviders')
    .set({ account })
    .where('programId', '=', programId)
    .where('provider', '=', provider)
    .where('secret', '=', secret)
    .execute()
}
