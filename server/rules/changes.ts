export type Fields = Record<string, unknown>
export type Changes = { before: Fields | null; after: Fields | null }

const SECRET = /hash$|secret|token|password|searchText|emailFold|^key$|jwks?$/i
const PERSONAL =
  /^(email|firstName|lastName|company|website|reason|rejectionReason|answers|payoutEmail|stripeAccountId|metadata|leadEmail|leadName|notes|note)$/
// Such an address may carry a key in its path or query.
const CALLED = /^(url|grantUrl)$/

/**
 * The fields in which two states differ, as the audit log may keep them for ever: secrets left out, a `mark` in place of
 * what is personal, of addresses that are called only the origin. Groups within are compared field by field. A state
 * that is null is one in which the thing was not there.
 */
export function changes(before: Fields | null, after: Fields | null, mark: (text: string) => string): Changes {
  const earlier: Fields = {}
  const later: Fields = {}
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    if (SECRET.test(name)) continue
    const [was, is] = [before?.[name], after?.[name]]
    if (JSON.stringify(was) === JSON.stringify(is)) continue
    if (isGroup(was) && isGroup(is) && !PERSONAL.test(name)) {
      const within = changes(was, is, mark)
      earlier[name] = within.before
      later[name] = within.after
      continue
    }
    if (was !== undefined) earlier[name] = kept(name, was, mark)
    if (is !== undefined) later[name] = kept(name, is, mark)
  }
  return { before: before && earlier, after: after && later }
}

function kept(name: string, value: unknown, mark: (text: string) => string): unknown {
  if (value === null) return null
  if (PERSONAL.test(name)) return mark(typeof value === 'string' ? value : JSON.stringify(value))
  if (CALLED.test(name)) return URL.parse(String(value))?.origin ?? mark(String(value))
  return isGroup(value) ? changes(null, value, mark).after : value
}

function isGroup(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
