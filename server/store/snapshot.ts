import { Kysely, SqliteDialect } from 'kysely'
import { type Database, forKysely, plugins } from './database.ts'
import type { Db, Schema } from './schema.ts'
import { openConnection } from './sqlite.ts'

/**
 * Reads the database as it is at one moment, however long that takes and whatever is written meanwhile; nobody who writes
 * waits for it. `work` can write nothing.
 */
export function inSnapshot<T>({ engine, db, file }: Database, work: (db: Db) => Promise<T>): Promise<T> {
  if (engine === 'sqlite') return onOwnConnection(file as string, work)
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)
}

// The server's own connection would have all others wait, and see what they have not committed.
async function onOwnConnection<T>(file: string, work: (db: Db) => Promise<T>) {
  const connection = openConnection(file)
  connection.exec('pragma query_only = on')
  connection.exec('begin')
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(connection) }), plugins })
  try {
    return await work(db)
  } finally {
    await db.destroy()
    if (connection.isOpen) connection.close()
  }
}
