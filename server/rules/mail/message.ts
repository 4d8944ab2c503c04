import type { MailKind } from '../../contract/mails.ts'
import type { Sender, Told } from './kinds.ts'
import { type Row, rowsOf, valuesOf } from './rows.ts'
import { asText, fill, plain, type Sentence } from './sentence.ts'
import { words } from './words/all.ts'

/** A mail before it is text or HTML. */
export type Message = {
  subject: string
  title: Sentence
  paragraphs: Sentence[]
  rows: Row[]
  act: { label: string; url: string } | null
  note: Sentence | null
  foot: Sentence
}

/** Where a button leads: the portal, or with a link of its own into it. */
export type Ways = { portal: string; link: string | null }

const MAX_SUBJECT = 200

/** What a mail says, in the sender's language. Values are cleaned of all that is not one line of text. */
export function message(told: Told, sender: Sender, ways: Ways): Message {
  const language = words[sender.language]
  const { subject, title, body, act, note } = language.mails[told.kind]
  const values = { program: plain(sender.name), contact: plain(sender.replyTo ?? sender.siteUrl), ...valuesOf(told, sender) }
  const kept = (sentence: string) => fill(sentence, values) ?? []
  return {
    subject: [...asText(kept(subject))].slice(0, MAX_SUBJECT).join(''),
    title: asHeading(kept(title), sender.language),
    paragraphs: body.map(each => fill(each, values)).filter(each => each !== null),
    rows: rowsOf(told, sender),
    act: act ? { label: act, url: urlOf(told.kind, ways) } : null,
    note: note ? fill(note, values) : null,
    foot: kept(language.foot),
  }
}

// Some languages write a month's name with a small letter, but not where a line begins with it.
function asHeading([first, ...rest]: Sentence, language: string): Sentence {
  if (typeof first !== 'object') return first === undefined ? rest : [first, ...rest]
  const [letter = '', ...letters] = first.value
  return [{ value: letter.toLocaleUpperCase(language) + letters.join('') }, ...rest]
}

function urlOf(kind: MailKind, { portal, link }: Ways) {
  return kind === 'portal_link' && link ? link : portal
}
