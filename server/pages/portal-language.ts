import type { Context } from 'hono'
import { html } from 'hono/html'
import { parseAccept } from 'hono/utils/accept'
import { type MailLanguage, mailLanguages } from '../contract/mails.ts'
import { asText, fill } from '../rules/mail/sentence.ts'
import type { Program } from '../store/programs.ts'
import { portalWords } from './portal-words/all.ts'
import type { PortalWords } from './portal-words/words.ts'

type Html = ReturnType<typeof html>
export type Speech = ReturnType<typeof speech>

/**
 * The language of a page of the portal: the first of the reader's own that there are sentences in, or else the one that the
 * program writes its mails in, or English. `lang` keeps the country (`de-AT`), by which the dashboard writes amounts and days.
 */
export function speech(c: Context, program: Program | undefined) {
  const { lang, spoken } = wanted(c) ?? of(program?.settings.mails?.language ?? 'en')
  const say: PortalWords = portalWords[spoken]
  return {
    lang,
    dir: spoken === 'ar' ? 'rtl' : 'ltr',
    say,
    /** A sentence as text, for a title. */
    text: (sentence: string, values: Values) => asText(fill(sentence, values) ?? []),
    /** A sentence whose values keep their own direction, and leave the sentence its. */
    fill: (sentence: string, values: Values, as = apart) =>
      (fill(sentence, values) ?? []).map(part => (typeof part === 'string' ? html`${part}` : as(part.value))),
  }
}

type Values = Record<string, string>

const apart = (value: string): Html => html`<bdi>${value}</bdi>`

function wanted(c: Context) {
  for (const { type, q } of parseAccept(c.req.header('accept-language') ?? '')) {
    const found = q > 0 && of(type)
    if (found) return found
  }
  return undefined
}

function of(language: MailLanguage): { lang: string; spoken: MailLanguage }
function of(language: string): { lang: string; spoken: MailLanguage } | undefined
function of(language: string) {
  const [primary = ''] = language.toLowerCase().split('-')
  const spoken = mailLanguages.find(each => each === primary)
  if (!spoken) return undefined
  try {
    return { lang: Intl.getCanonicalLocales(language)[0] ?? spoken, spoken }
  } catch {
    return { lang: spoken, spoken }
  }
}
