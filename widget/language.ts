import type { Numbered } from './wording/numbered.ts'
import type { Language, Part } from './wording/wording.ts'

const languages: Record<string, () => Promise<{ language: Language }>> = {
  en: () => import('./wording/en.ts'),
  de: () => import('./wording/de.ts'),
  es: () => import('./wording/es.ts'),
  fr: () => import('./wording/fr.ts'),
  pt: () => import('./wording/pt.ts'),
  ja: () => import('./wording/ja.ts'),
  ar: () => import('./wording/ar.ts'),
}

/** `es-MX` is spoken in the sentences of `es`; a language that has none, in English. */
export function spokenIn(lang: string): string {
  const [primary = ''] = lang.toLowerCase().split('-')
  return Object.hasOwn(languages, primary) ? primary : 'en'
}

/** Of what a reader would have, the first that there are sentences in; else simply the first. */
export function choose(wanted: readonly string[]): string {
  return wanted.find(lang => spokenIn(lang) !== 'en' || /^en\b/i.test(lang)) ?? wanted[0] ?? ''
}

/** Which way a language's sentences run here. */
export const directionOf = (lang: string) => (spokenIn(lang) === 'ar' ? 'rtl' : 'ltr')

/** What is said in a language, fetched now if it was not before; English is better than nothing where it cannot be. */
export const sentencesFor = (lang: string, part?: Part): Promise<Numbered> =>
  sentencesIn(spokenIn(lang), part).catch(() => sentencesIn('en', part))

async function sentencesIn(spoken: string, part: Part | undefined): Promise<Numbered> {
  const { language } = await (languages[spoken] as (typeof languages)[string])()
  const more = part && (await language[part]()).sentences
  // As they are built, both are lists.
  return [language.start, more ?? []].flat() as unknown as Numbered
}
