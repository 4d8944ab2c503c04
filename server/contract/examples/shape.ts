/**
 * What a route's schemas do not say of it. `id` is its name in generated clients and never changes; `says` is for people,
 * in Markdown's plainest form; `may` are the problem codes of the act itself, beside those that every route of its kind has.
 */
export type Example = {
  id: string
  says: string
  /** What each id in the path is, and one such. `appId` is known. */
  path?: Record<string, readonly [says: string, example: string]>
  /** What each query parameter means, and a value for it. `limit`, `cursor`, `page` and `per_page` are known. */
  query?: Record<string, readonly [says: string, example: string]>
  body?: object
  /** A file that is the body itself, as each media type has it. */
  files?: Record<string, unknown>
  /** More bodies, by what they are for. */
  bodies?: Record<string, object>
  replies: Record<number, unknown>
  may?: readonly string[]
}

/** Rows under the name of their route, as the OpenAPI document has it: `GET /v1/apps/{appId}`. */
export type Examples = Record<string, Example>
