import type { Db } from './schema.ts'

/** One of the few values that the installation itself keeps. */
export async function value(db: Db, name: string) {
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}

export async function set(db: Db, name: string, value: string) {
  await db
    .insertInto('meta')
    .values({ name, value })
    .onConflict(on => on.column('name').doUpdateSet({ value }))
    .execute()
}

/** Sets it only where nothing stands yet, and returns what stands there now. */
export async function setOnce(db: Db, name: string, wanted: string) {
  await db
    .insertInto('meta')
    .values({ name, value: wanted })
    .onConflict(on => on.column('name').doNothing())
    .execute()
  return (await value(db, name)) ?? wanted
}

/** Takes it away if it is still what it was said to be; false where somebody was faster. */
export async function takeIf(db: Db, name: string, expected: string) {
  const { numDeletedRows } = await db.deleteFrom('meta').where('name', '=', name).where('value', '=', expected).executeTakeFirst()
  return numDeletedRows === 1n
}
