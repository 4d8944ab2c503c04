/** A sentence as it is sent: words of ours, and values that may be anybody's. */
export type Sentence = (string | { value: string })[]

/**
 * Puts values in their places. Null where there is none for a place: the sentence is then left out.
 * `'Paid by {program}'` with Acme is `['Paid by ', { value: 'Acme' }]`.
 */
export function fill(sentence: string, values: Record<string, string | null>): Sentence | null {
  const filled: Sentence = []
  for (const [at, part] of sentence.split(/\{(\w+)\}/).entries()) {
    if (at % 2 === 0) {
      if (part) filled.push(part)
      continue
    }
    const value = values[part]
    if (value == null || value === '') return null
    filled.push({ value })
  }
  return filled
}

/** The sentence as one text. */
export function asText(sentence: Sentence) {
  return sentence.map(part => (typeof part === 'string' ? part : part.value)).join('')
}

const MAX = 500

/**
 * A stranger's value in one line: without what would end a line or a header, or turn the direction of what follows. Long
 * ones are cut at 500 characters.
 */
export function plain(value: string) {
  const line = value
    .replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const letters = [...line]
  return letters.length > MAX ? `${letters.slice(0, MAX - 1).join('')}…` : line
}
