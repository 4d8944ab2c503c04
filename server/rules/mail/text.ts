import type { Sender } from './kinds.ts'
import type { Message } from './message.ts'
import { asText, fill, type Sentence } from './sentence.ts'
import { words } from './words/all.ts'

/** The mail as plain text. */
export function asPlainText({ title, paragraphs, rows, act, note, foot }: Message, { language, siteUrl }: Sender) {
  const isolate = language === 'ar'
  // A value that runs the other way would move what stands beside it.
  const value = (text: string) => (isolate ? `\u2068${text}\u2069` : text)
  const line = (sentence: Sentence) => sentence.map(part => (typeof part === 'string' ? part : value(part.value))).join('')
  const blocks = [
    line(title),
    ...paragraphs.map(line),
    rows.map(each => `${each.label}: ${value(each.value)}`).join('\n'),
    act ? `${asText(fill(words[language].open, { act: act.label }) ?? [])}\n${act.url}` : '',
    note ? line(note) : '',
    `-- \n${line(foot)}\n${siteUrl}`,
  ]
  return `${blocks.filter(Boolean).join('\n\n')}\n`
}
