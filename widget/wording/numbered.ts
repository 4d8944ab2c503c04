import type { Sentence } from './wording.ts'

/** What is said, by number. A family, such as all that begin with `tab.`, has one number, and within it those from the dot on, so
 * that no word from elsewhere, such as `constructor`, finds what every object has. */
export type Numbered = (Sentence | Record<string, Sentence>)[]

const parts = (name: string) => name.match(/^(\w+\.)?(.+)$/)?.slice(1) as [family: string | undefined, member: string]

/** What has a number, in the order of the numbers: `applyTitle`, and `tab.` for a family. */
export const namesOf = (sentences: object): string[] => [...new Set(Object.keys(sentences).map(name => parts(name)[0] ?? name))]

export function numbered(sentences: Record<string, Sentence>): Numbered {
  return inWords([], { names: namesOf(sentences), own: sentences })
}

/** The same with some in other words, by their full names. */
export function inWords(
  said: Numbered,
  { names, own }: { names: string[]; own: Record<string, Sentence | undefined> },
): Numbered {
  const all = [...said]
  for (const [name, sentence] of Object.entries(own)) {
    const [family, member] = parts(name)
    const at = names.indexOf(family ?? name)
    if (at >= 0 && sentence) all[at] = family ? { ...(all[at] as Record<string, Sentence>), [`.${member}`]: sentence } : sentence
  }
  return all
}
