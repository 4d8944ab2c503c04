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

/** The address that a partner shares. */
export function linkFor(siteUrl: string, code: string) {
  const url = new URL(siteUrl)
  url.searchParams.set('ref', code)
  return url.href
}
