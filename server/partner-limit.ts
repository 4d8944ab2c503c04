import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from './problem.ts'
import type { Database } from './store/database.ts'

const TABLE = 'partner_key_uses'
const WINDOW_S = 60

/**
 * Requests per minute of one partner key; 0 for as many as come. The minute begins with the first of them. On PostgreSQL
 * all servers count together, one row a key; on SQLite there is one server. Returns what the answer says of it in its
 * headers, and throws a 429 that says the same.
 */
export function partnerLimit({ pool }: Pick<Database, 'pool'>, perMinute: number) {
  if (perMinute === 0) return async () => ({})
  const limiter = counter(pool, perMinute)
  return async (keyId: string): Promise<Record<string, string>> => {
    try {
      return headers(await limiter.consume(keyId), perMinute)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw new Problem('too_many_requests', {
        headers: { ...headers(refusal, perMinute), 'retry-after': String(seconds(refusal)) },
      })
    }
  }
}

function counter(pool: Database['pool'], points: number): RateLimiterAbstract {
  const counting = { points, duration: WINDOW_S, keyPrefix: '' }
  if (!pool) return new RateLimiterMemory(counting)
  return new RateLimiterPostgres({
    ...counting,
    storeClient: pool,
    storeType: 'pool',
    tableName: TABLE,
    tableCreated: true,
    // There is one row for each key, which the next minute takes over.
    clearExpiredByTimeout: false,
    // Who has been refused once costs no more questions until the minute is over.
    inMemoryBlockOnConsumed: points + 1,
  })
}

function headers(state: RateLimiterRes, perMinute: number): Record<string, string> {
  return {
    'ratelimit-policy': `"partner-key";q=${perMinute};w=${WINDOW_S}`,
    ratelimit: `"partner-key";r=${state.remainingPoints};t=${seconds(state)}`,
  }
}

const seconds = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000))
