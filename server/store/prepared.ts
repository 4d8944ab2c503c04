import { createHash } from 'node:crypto'
import pg from 'pg'

const names = new Map<string, string>()

/**
 * From now on this statement goes to PostgreSQL under a name, so that each connection parses and plans it once. The name
 * comes from the text: whoever shares connections through a pooler, in whatever version, means the same by it.
 */
export function toBeNamed(text: string) {
  names.set(text, createHash('sha256').update(text).digest('base64url'))
}

const UNKNOWN = '26000'
const THERE_ALREADY = '42P05'
/** A table has got another column since: what "all of it" is has changed. */
const OUT_OF_DATE = '0A000'
const IN_FAILED_TRANSACTION = '25P02'

/** True where a statement was refused only for the name it went under: without one it may be sent again. */
export const isOfNaming = (code: unknown) => code === UNKNOWN || code === THERE_ALREADY || code === OUT_OF_DATE

// biome-ignore lint/suspicious/noExplicitAny: as pg types it.
type Answered = (error: any, result: any) => void

/**
 * The client for a pool. Behind a pooler that gives each transaction another connection, a statement that was prepared is
 * not there any more, or is there already: the first time that this happens it is sent again, and all are sent whole from
 * then on. Within a transaction that is too late, and whoever runs it begins it again.
 */
export function namingClient() {
  let isNaming = true

  return class extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: what it takes and gives goes by seven overloads, all of which it keeps.
    override query(what: any, values?: any, answered?: Answered): any {
      const name = isNaming && typeof what === 'string' ? names.get(what) : undefined
      if (!name) return super.query(what, values, answered as never)
      const result = super.query({ name, text: what, values }).catch(async error => {
        if (!isOfNaming(error.code)) throw error
        isNaming = false
        return super.query(what, values).catch(again => {
          throw again.code === IN_FAILED_TRANSACTION ? error : again
        })
      })
      if (!answered) return result
      result.then(
        found => answered(null, found),
        error => answered(error, undefined),
      )
    }
  }
}
