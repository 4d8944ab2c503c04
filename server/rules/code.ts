/** Two codes that fold alike are one: letter case, width and accents' spelling do not tell codes apart. */
export function foldCode(code: string) {
  return code.normalize('NFKC').toLowerCase()
}

/** A code that a person can read out, from a name or label and a tail that makes it free: `JANE-7KX`. */
export function suggestCode(name: string, tail: string) {
  const words = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ')
  const stem = (words[0] ?? '').slice(0, 12).toUpperCase() || 'PARTNER'
  return `${stem}-${tail}`
}

/**
 * A code for one of a partner's links, from its label and a tail that makes it free: "blog-campaign-feb" and "7kx" is
 * `ref_blog_feb_7kx`. Of a long label the first and the last word are enough; one without Latin letters leaves the tail.
 */
export function labelCode(label: string, tail: string) {
  const words = label
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map(word => word.slice(0, 20))
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ['ref', ...ends, tail].join('_')
}

/** The address that a partner shares. */
export function linkFor(siteUrl: string, code: string) {
  const url = new URL(siteUrl)
  url.searchParams.set('ref', code)
  return url.href
}
