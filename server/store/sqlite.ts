import { DatabaseSync } from 'node:sqlite'

// Apart from database.ts, because the thread that commits clicks needs this and nothing else of it.

/** 32 MB in pages of 4 KB. */
export const LARGEST_LOG_PAGES = 8_000

/** A connection with the settings under which an acknowledged commit survives a power cut. */
export function openConnection(file: string) {
  const connection = new DatabaseSync(file)
  connection.exec('pragma busy_timeout = 5000')
  connection.exec('pragma journal_mode = wal')
  connection.exec('pragma synchronous = full')
  connection.exec('pragma foreign_keys = on')
  connection.exec('pragma cache_size = -8000')
  // Moving pages from the log into the database holds a commit up. Done less often it is less work, because most pages
  // have changed again meanwhile; the click thread does it at half this size, so that the server's own seldom has to.
  connection.exec(`pragma wal_autocheckpoint = ${LARGEST_LOG_PAGES}`)
  return connection
}
