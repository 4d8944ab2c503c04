import { type SelectQueryBuilder, sql } from 'kysely'

/**
 * The next `limit` rows of a list ordered by (created_at, id), newest first, after a cursor that an earlier
 * page gave. A cursor that makes no sense starts from the beginning.
 */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's own type for "any select" takes three parameters that vary by query.
export async function readAfter<Q extends SelectQueryBuilder<any, any, any>>(
  query: Q,
  { limit, after }: { limit: number; after: string | null },
) {
  const from = after ? decode(after) : null
  const asked = from ? query.where(sql<boolean>`(created_at, id) < (${from.createdAt}, ${from.id})`) : query
  const rows = (await newestFirst(asked)
    .limit(limit + 1)
    .execute()) as Awaited<ReturnType<Q['execute']>>
  const data = rows.slice(0, limit) as typeof rows
  const last = rows.length > limit ? (data.at(-1) as { createdAt: string; id: string } | undefined) : undefined
  return { data, nextCursor: last ? Buffer.from(`${last.createdAt} ${last.id}`).toString('base64url') : null }
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export function newestFirst<Q extends SelectQueryBuilder<any, any, any>>(query: Q) {
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc') as Q
}

function decode(cursor: string) {
  const [createdAt, id] = Buffer.from(cursor, 'base64url').toString().split(' ')
  return createdAt && id && /^[\d:.TZ-]+$/.test(createdAt) && /^[\w]+$/.test(id) ? { createdAt, id } : null
}
