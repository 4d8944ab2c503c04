import { createHmac } from 'node:crypto'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Database } from './store/database.ts'

export type Counting = { name: string; points: number; seconds: number }
/** Makes a counter of what comes under a key within a span, which begins with the first. */
export type Counters = (counting: Counting) => Pick<RateLimiterAbstract, 'consume' | 'delete' | 'reward'>

/** For one process alone, which has the only server. */
export const inMemory: Counters = ({ name, points, seconds }) =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: seconds })

/** For all servers of an installation: on PostgreSQL they count together. What is counted is not written down as it is. */
export function shared({ pool }: Pick<Database, 'pool'>, secret: string): Counters {
  if (!pool) return inMemory
  return ({ name, points, seconds }) => {
    const counter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'limit_uses',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points,
      duration: seconds,
    })
    const hidden = (key: string | number) => createHmac('sha256', secret).update(`${name} ${key}`).digest('base64url')
    return {
      consume: (key, ...rest) => counter.consume(hidden(key), ...rest),
      delete: key => counter.delete(hidden(key)),
      reward: (key, ...rest) => counter.reward(hidden(key), ...rest),
    }
  }
}
