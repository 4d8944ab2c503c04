import { sql } from 'kysely'
import type { Db } from './schema.ts'
import { holds } from './search.ts'

type Paging = { limit: number; after: string | null }

// Codes have no id: their folded form is one.
const cursorOf = ({ createdAt, codeFold }: { createdAt: string; codeFold: string }) =>
  Buffer.from(JSON.stringify([createdAt, codeFold])).toString('base64url')

function readCursor(text: string | null) {
  try {
    const read = JSON.parse(Buffer.from(text ?? '', 'base64url').toString())
    return Array.isArray(read) && typeof read[0] === 'string' && typeof read[1] === 'string' ? (read as [string, string]) : null
  } catch {
    return null
  }
}

/** A program's codes, newest first: those that hold a text, or are one partner's, where that is asked. */
export async function codes(
  db: Db,
  programId: string,
  { search, partnerId, limit, after }: Paging & { search?: string | undefined; partnerId?: string | undefined },
) {
  const from = readCursor(after)
  let query = db
    .selectFrom('codes')
    .leftJoin('customers', 'customers.id', 'codes.customerId')
    .selectAll('codes')
    .select(({ fn }) => fn.coalesce('customers.externalId', 'customers.id').as('owner'))
    .where('codes.programId', '=', programId)
  if (partnerId !== undefined) query = query.where('codes.partnerId', '=', partnerId)
  if (search) query = query.where(holds('codes.codeFold', search, { isFolded: true }))
  if (from) query = query.where(sql<boolean>`(codes.created_at, codes.code_fold) < (${from[0]}, ${from[1]})`)
  const rows = await query
    .orderBy('codes.createdAt', 'desc')
    .orderBy('codes.codeFold', 'desc')
    .limit(limit + 1)
    .execute()
  const data = rows.slice(0, limit)
  const last = rows.length > limit ? data.at(-1) : undefined
  return { data, nextCursor: last ? cursorOf(last) : null }
}

/** What ends, and what goes on, when a partner is deactivated: how much there is of it. */
export async function heldBy(db: Db, programId: string, partnerId: string) {
  const count = async (table: 'codes' | 'referrals' | 'partner_keys' | 'webhook_endpoints', also = sql`true`) => {
    const query = sql<{ count: number }>`select count(*) as count from ${sql.table(table)}
      where program_id = ${programId} and partner_id = ${partnerId} and ${also}`
    return Number((await query.execute(db)).rows[0]?.count ?? 0)
  }
  return {
    codes: await count('codes', sql`retired_at is null`),
    referrals: await count('referrals', sql`churned_at is null`),
    keys: await count('partner_keys', sql`revoked_at is null`),
    endpoints: await count('webhook_endpoints', sql`deleted_at is null`),
  }
}

/** A partner's payouts that are neither paid nor failed. */
export function openPayouts(db: Db, partnerId: string) {
  return db
    .selectFrom('payouts')
    .select(['id', 'amount', 'currency', 'createdAt'])
    .where('partnerId', '=', partnerId)
    .where('paidAt', 'is', null)
    .where('failedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(100)
    .execute()
}
