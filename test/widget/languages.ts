import type { Groups } from '../../widget/wording/wording.ts'

/** Those that the widget has sentences in. */
export const LANGUAGES = ['en', 'de', 'es', 'fr', 'pt', 'ja', 'ar']

export const GROUPS = ['start', 'account', 'dashboard', 'sections', 'refer'] as const satisfies (keyof Groups)[]

/** Everything that one group says in a language, by name. */
export async function sentences(lang: string, group: (typeof GROUPS)[number]) {
  const { sentences } = await import(`../../widget/wording/${lang}/${group}.ts`)
  return sentences as Record<string, string | Record<string, string>>
}
