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

/** Every sentence, by what it is about. */
export type Groups = {
  start: In<typeof start>
  account: In<typeof account>
  dashboard: In<typeof dashboard>
  sections: In<typeof sections>
  refer: In<typeof refer>
}
/** What is said to a partner and to a customer who refers friends, beside what every element says. */
type Parts = {
  partner: Groups['account'] & Groups['dashboard'] & Groups['sections']
  customer: Groups['account'] & Groups['refer']
}
export type Part = keyof Parts

/** One language: what every element needs at once, and the ways to the rest. The build makes numbered lists of them. */
export type Language = Pick<Groups, 'start'> & { [Name in Part]: () => Promise<{ sentences: Parts[Name] }> }

/** Every sentence that the elements can show, by its name. */
export type Wording = Groups['start'] & Parts['partner'] & Parts['customer']
