import type { Desk } from '../program/desk.ts'
import type { Mailer } from '../providers/smtp.ts'
import { inTransaction } from '../store/database.ts'
import * as mails from '../store/mails.ts'

const LEASE_MS = 120_000

/** Sends what is due, and puts off what could not be sent: a minute, then twice as long each time. */
export function sendMail(mailer: Mailer) {
  return async (desk: Desk) => {
    const now = desk.clock()
    const until = new Date(now.getTime() + LEASE_MS).toISOString()
    const due = await inTransaction(desk.database, db => mails.claim(db, { now: now.toISOString(), until, limit: 20 }))
    for (const mail of due) {
      try {
        await mailer.send(mail)
        await inTransaction(desk.database, db => mails.sent(db, mail.id, desk.clock().toISOString()))
      } catch (error) {
        const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500)
        const nextAttemptAt = new Date(desk.clock().getTime() + 60_000 * 2 ** (mail.attempts - 1)).toISOString()
        await inTransaction(desk.database, db => mails.failed(db, mail.id, { failure, nextAttemptAt }))
      }
    }
  }
}
