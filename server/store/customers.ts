import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import { compiled } from './compiled.ts'
import type { Db, Schema } from './schema.ts'

export type Customer = Selectable<Schema['customers']>

/** By the host's own id, by ours, or by one that has been joined into another. */
export async function byAnyId(db: Db, programId: string, id: string): Promise<Customer | undefined> {
  const found = await goingBy(db, { programId, id })
  return found.find(each => each.externalId === id) ?? found[0]
}

const goingBy = compiled(
  (_, { programId, id }: { programId: string; id: string }) => sql<Customer>`
    with wanted as (
      select coalesce((select customer_id from customer_aliases where program_id = ${programId} and alias = ${id}), ${id}) as id)
    select customers.* from wanted join customers
      on customers.program_id = ${programId} and (customers.external_id = wanted.id or customers.id = wanted.id)`,
)

export async function byId(db: Db, programId: string, id: string) {
  return (await oneOf(db, { programId, id }))[0]
}

const oneOf = compiled((db, { programId, id }: { programId: string; id: string }) =>
  db.selectFrom('customers').selectAll().where('programId', '=', programId).where('id', '=', id),
)

/** Those that go by an address, the longest known first. */
export function byEmail(db: Db, programId: string, emailFold: string) {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('programId', '=', programId)
    .where('emailFold', '=', emailFold)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

/** Adds a customer; false where the host's id was taken by somebody else's request in the meantime. */
export async function insert(db: Db, customer: Insertable<Schema['customers']>) {
  const row = await db
    .insertInto('customers')
    .values(customer)
    .onConflict(on => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  return !!row
}

export function update(db: Db, id: string, change: Updateable<Schema['customers']>) {
  return db.updateTable('customers').set(change).where('id', '=', id).execute()
}

/** The same customer, held until the transaction ends; undefined where it has been joined into another meanwhile. */
export function hold(db: Db, id: string) {
  return db
    .updateTable('customers')
    .set(({ ref }) => ({ name: ref('name') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Joins one customer into another: all that was its own is the other's, and its id goes on finding it. */
export async function join(db: Db, { programId, from, into }: { programId: string; from: string; into: string }) {
  await db.insertInto('customerAliases').values({ programId, alias: from, customerId: into }).execute()
  await db
    .updateTable('customerAliases')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await db
    .updateTable('partners')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await db
    .updateTable('codes')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await db
    .updateTable('referrals')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await db
    .updateTable('referrals')
    .set({ referrerCustomerId: into })
    .where('programId', '=', programId)
    .where('referrerCustomerId', '=', from)
    .execute()
  await db
    .updateTable('rewards')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await db
    .updateTable('conversions')
    .set({ customerId: into })
    .where('programId', '=', programId)
    .where('customerId', '=', from)
    .execute()
  await joinClicks(db, { from, into })
  await db.deleteFrom('customers').where('programId', '=', programId).where('id', '=', from).execute()
}

/** The ids of those that have been joined into a customer. */
export async function joinedInto(db: Db, programId: string, customerId: string) {
  const rows = await db
    .selectFrom('customerAliases')
    .select('alias')
    .where('programId', '=', programId)
    .where('customerId', '=', customerId)
    .execute()
  return rows.map(each => each.alias)
}

async function joinClicks(db: Db, { from, into }: { from: string; into: string }) {
  const moved = await db.deleteFrom('customerClicks').where('customerId', '=', from).returning('clicks').executeTakeFirst()
  if (!moved) return
  await db
    .insertInto('customerClicks')
    .values({ customerId: into, clicks: moved.clicks })
    .onConflict(on => on.column('customerId').doUpdateSet({ clicks: sql`customer_clicks.clicks + excluded.clicks` }))
    .execute()
}
