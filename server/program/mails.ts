import type { MailKind } from '../contract/mails.ts'
import { foldEmail } from '../rules/email.ts'
import type { Facts, Sender, Told } from '../rules/mail/kinds.ts'
import { message } from '../rules/mail/message.ts'
import { PATIENCE_MS } from '../rules/mail/retry.ts'
import * as mails from '../store/mails.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'

type Wanted = {
  to: string
  /** What the mail is about, where there is to be one alone. */
  about?: string
  /** When it is of no use any more; three days from now where nothing is said. */
  givesUpAt?: string
  id?: string
}

/**
 * Puts a mail into the outbox, in the caller's transaction, unless the program does not send its kind or there is one
 * about the same already. An address that was erased is written to no more.
 */
export async function post(desk: Desk, db: Db, program: Program, told: Told, { to, about, givesUpAt, id }: Wanted) {
  const { mails: settings } = program.settings
  if ((settings.off as MailKind[]).includes(told.kind) || to.endsWith('@invalid')) return
  const now = desk.clock()
  const sender = senderOf(program)
  await mails.queue(db, {
    id: id ?? newId('mail', now),
    programId: program.id,
    recipient: to,
    kind: told.kind,
    subject: message(told, sender, { portal: '', link: null }).subject,
    body: '',
    facts: JSON.stringify({ language: sender.language, facts: told.facts }),
    naturalKey: about === undefined ? null : `${told.kind}:${about}`,
    givesUpAt: givesUpAt ?? new Date(now.getTime() + PATIENCE_MS).toISOString(),
    createdAt: now.toISOString(),
  })
}

// Nobody has shown yet that the address is their own, so the form could be used to write to others.
const PER_HOUR = 200

/**
 * Tells an address that somebody has typed into a form, unless the program has told two hundred others within the hour.
 * Such a mail holds nothing that was typed.
 */
export async function postUnasked(
  desk: Desk,
  db: Db,
  program: Program,
  kind: 'application_received' | 'application_known',
  wanted: Wanted,
) {
  const since = new Date(desk.clock().getTime() - 3_600_000).toISOString()
  if ((await mails.countSince(db, { programId: program.id, kind, since })) >= PER_HOUR) return
  await post(desk, db, program, { kind, facts: {} }, wanted)
}

/** As whom a program writes. */
export function senderOf({ settings }: Program): Sender {
  const { name, siteUrl, timeZone, brand, mails } = settings
  return {
    name,
    siteUrl,
    timeZone,
    language: mails.language,
    logoUrl: brand.logoUrl,
    accent: brand.accent,
    replyTo: mails.replyTo,
  }
}

/** What a mail in the outbox tells of, and in which language; null for one that has its words in itself. */
export function toldOf({ kind, facts }: Pick<mails.Claimed, 'kind' | 'facts'>) {
  if (facts === null) return null
  const kept: { language: Sender['language']; facts: Facts[MailKind] } = JSON.parse(facts)
  return { language: kept.language, told: { kind, facts: kept.facts } as Told }
}

/** Those addresses once each, whatever their letters' case. */
export function once(addresses: (string | null)[]) {
  const known = new Map<string, string>()
  for (const each of addresses) if (each && !known.has(foldEmail(each))) known.set(foldEmail(each), each)
  return [...known.values()]
}

/** An address of which its owner knows it, and others only where it is: `j•••@example.com`. */
export function masked(email: string) {
  const at = email.lastIndexOf('@')
  return `${[...email][0] ?? ''}•••${email.slice(at)}`
}
