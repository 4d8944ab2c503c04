import type { Mail } from '../providers/smtp.ts'
import { asHtml } from '../rules/mail/html.ts'
import { message } from '../rules/mail/message.ts'
import { nextTry, PATIENCE_MS } from '../rules/mail/retry.ts'
import { plain } from '../rules/mail/sentence.ts'
import { asPlainText } from '../rules/mail/text.ts'
import { inTransaction } from '../store/database.ts'
import type { Claimed } from '../store/mails.ts'
import * as mails from '../store/mails.ts'
import type { Desk } from './desk.ts'
import { senderOf, toldOf } from './mails.ts'
import { opened } from './sealed.ts'

/** Takes mails that are due, for as long as the lease is; nobody else is given them meanwhile. */
export function take(desk: Desk, { limit, leaseMs }: { limit: number; leaseMs: number }) {
  const now = desk.clock()
  const until = new Date(now.getTime() + leaseMs).toISOString()
  return inTransaction(desk.database, db => mails.claim(db, { now: now.toISOString(), until, limit }))
}

/** A mail in words, as its program looks now; null where the program is gone or the link in it cannot be read. */
export async function written(desk: Desk, mail: Claimed, publicUrl: string): Promise<Mail | null> {
  const { id, recipient: to, subject, body, createdAt } = mail
  const common = { id, to, at: new Date(createdAt) }
  const { programs } = await desk.directory.current()
  const program = programs.get(mail.programId ?? '')
  const kept = toldOf(mail)
  if (kept === null) {
    // An invitation's link lets somebody in, and so its words are sealed as well.
    const text = mail.kind === 'admin_invited' ? opened(desk, id, body) : mail.kind === 'portal_link' ? null : body
    return text === null ? null : { ...common, subject, text, html: null, fromName: null, replyTo: null }
  }
  if (!program) return null
  const { language, told } = kept
  const sender = { ...senderOf(program), language }
  const code = told.kind === 'portal_link' ? opened(desk, id, told.facts.sealed) : undefined
  if (code === null) return null
  const portal = `${publicUrl}/portal?program=${encodeURIComponent(program.id)}`
  const words = message(told, sender, { portal, link: code === undefined ? null : `${publicUrl}/portal/${code}` })
  return {
    ...common,
    subject: words.subject,
    text: asPlainText(words, sender),
    html: asHtml(words, sender),
    fromName: plain(sender.name),
    replyTo: sender.replyTo,
  }
}

/** Writes down that a mail was sent. What lets somebody in is forgotten. */
export function sent(desk: Desk, mail: Claimed) {
  const facts = mail.kind === 'portal_link' ? null : mail.facts
  const outcome = { sentAt: desk.clock().toISOString(), failure: null, nextAttemptAt: null, facts }
  return inTransaction(desk.database, db => mails.settle(db, mail, outcome))
}

/** Writes down why a mail was not sent, and when it is tried again, if it is. */
export function notSent(desk: Desk, mail: Claimed, { failure, isRefused }: { failure: string; isRefused: boolean }) {
  const now = desk.clock()
  const givesUpAt = mail.givesUpAt ?? new Date(Date.parse(mail.createdAt) + PATIENCE_MS).toISOString()
  const nextAttemptAt = nextTry({ attempts: mail.attempts, now, givesUpAt, isRefused })
  const facts = mail.kind === 'portal_link' && !nextAttemptAt ? null : mail.facts
  const outcome = { failure, nextAttemptAt, failedAt: nextAttemptAt ? null : now.toISOString(), facts }
  return inTransaction(desk.database, db => mails.settle(db, mail, outcome))
}
