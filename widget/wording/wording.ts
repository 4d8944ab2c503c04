import type { sentences as account } from './en/account.ts'
import type { sentences as dashboard } from './en/dashboard.ts'
import type { sentences as refer } from './en/refer.ts'
import type { sentences as sections } from './en/sections.ts'
import type { sentences as start } from './en/start.ts'

/** A sentence for each of a language's plural categories; `other` for those that are not named. */
export type Plural = { other: string } & { [Category in Intl.LDMLPluralRule]?: string }
/** What is in braces is filled in: `{program} is looking at it.` */
export type Sentence = string | Plural

type In<English> = { [Name in keyof English]: English[Name] extends string ? string : Plural }

/** Every sentence, by what needs it: each group of a language is a file of its own. */
export type Groups = {
  start: In<typeof start>
  account: In<typeof account>
  dashboard: In<typeof dashboard>
  sections: In<typeof sections>
  refer: In<typeof refer>
}
type Later = Exclude<keyof Groups, 'start'>

/** One language: what every element needs at once, and the ways to the rest. */
export type Language = Pick<Groups, 'start'> & { [Group in Later]: () => Promise<{ sentences: Groups[Group] }> }

/** Every sentence that the elements can show, by its name. */
export type Wording = Groups['start'] & Groups['account'] & Groups['dashboard'] & Groups['sections'] & Groups['refer']
