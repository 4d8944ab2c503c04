import * as v from 'valibot'

/** One line of text as people type it: trimmed, not empty, at most `max` characters. */
export const line = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))

/** Several lines of text; may be empty. */
export const paragraph = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max))

/** An e-mail address, kept as it was typed. Two that differ in letter case only count as one. */
export const Email = v.pipe(v.string(), v.trim(), v.maxLength(254), v.email('That is not an e-mail address.'))

/** An address on the web: http or https, nothing else, because it may be rendered as a link. */
export const WebUrl = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(2048),
  v.check(isWebUrl, 'That is not a web address. Begin with https://.'),
)

/** The origin of a site, such as `https://acme.com`. */
export const Origin = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(300),
  v.check(
    value => isWebUrl(value) && new URL(value).origin === value,
    'Give an origin such as https://acme.com, without a path.',
  ),
)

/** What may stand in `?ref=`: characters that a URL leaves as they are, a letter or digit first. */
export const Code = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(64),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._~-]*$/, 'Use letters, digits, and - _ . ~ only.'),
)

/** A host's own id for one of its customers. */
export const CustomerId = v.pipe(v.string(), v.minLength(1), v.maxLength(255))

/** A point in time: ISO 8601 with a zone; kept as UTC. */
export const Time = v.pipe(
  v.string(),
  v.isoTimestamp('Give a time such as 2026-11-21T09:30:00Z.'),
  v.check(isOnCalendar, 'That time does not exist.'),
  v.transform(value => new Date(value).toISOString()),
)

/** A point in time as this server writes it. */
export const Instant = v.pipe(v.string(), v.isoTimestamp())

/** `page` and `per_page` as the systems A and B have them. */
export const PageQuery = {
  page: v.optional(whole(1, 1_000_000), '1'),
  per_page: v.optional(whole(1, 100), '20'),
}

/** Part of what something is called. */
export const Search = v.pipe(v.string(), v.trim(), v.maxLength(200))

/** A whole number that arrives as text in a query string. */
export function whole(min: number, max: number) {
  const message = `Give a whole number from ${min} to ${max}.`
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.transform(Number),
    v.minValue(min, message),
    v.maxValue(max, message),
  )
}

// JavaScript reads 30 February as 2 March.
function isOnCalendar(value: string) {
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number)
  return !Number.isNaN(Date.parse(value)) && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Valibot takes a list for an object without fields, and so would forget all that it was sent. */
export function notList<S extends v.GenericSchema>(schema: S): S {
  const run: S['~run'] = (dataset, config) =>
    schema['~run'](Array.isArray(dataset.value) ? { ...dataset, value: 'a list' } : dataset, config)
  return { ...schema, '~run': run }
}

function isWebUrl(value: string) {
  const url = URL.parse(value)
  return !!url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password
}
