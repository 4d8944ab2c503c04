import { DatabaseSync } from 'node:sqlite'

// Apart from database.ts, because the thread that commits clicks needs this and nothing else of it.

/** A connection with the settings under which an acknowledged commit survives a power cut. */
export function openConnection(file: string) {
  const connection = new DatabaseSync(file)
  connection.exec('pragma busy_timeout = 5000')
  connection.exec('pragma journal_mode = wal')
  connection.exec('pragma synchronous = full')
  connection.exec('pragma foreign_keys = on')
  connection.exec('pragma cache_size = -8000')
  return connection
}
