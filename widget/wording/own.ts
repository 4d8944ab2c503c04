import { names } from './names.ts'
import { inWords, type Numbered } from './numbered.ts'
import type { Part, Wording } from './wording.ts'

/** A host's own words in place of ours. It stands apart because few hosts have any. */
export const withOwn = (said: Numbered, own: Partial<Wording>, part: Part | undefined): Numbered =>
  inWords(said, { names: [...names.start, ...(part ? names[part] : [])], own })
