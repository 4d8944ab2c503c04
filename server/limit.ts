import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type Counters, inMemory } from './counters.ts'
import { Problem } from './problem.ts'
import { sharedUses } from './shared-uses.ts'
import type { Database } from './store/database.ts'

/**
 * Requests per minute and address on public routes; 0 for as many as come. On PostgreSQL all servers count together, as
 * nearly as `sharedUses` says; on SQLite there is one server.
 */
export function publicLimit(database: Database, { perMinute, secret }: { perMinute: number; secret: string }) {
  if (perMinute === 0) return { count: async () => {}, stop: async () => {} }
  const uses = database.pool ? sharedUses(database, { most: perMinute, secret }) : ownUses(perMinute)
  return {
    async count(address: string) {
      const waitMs = await uses.count(address)
      if (waitMs === 0) return
      const seconds = Math.max(1, Math.ceil(waitMs / 1000))
      throw new Problem('too_many_requests', {
        headers: {
          'retry-after': String(seconds),
          'ratelimit-policy': `"public";q=${perMinute};w=60`,
          ratelimit: `"public";r=0;t=${seconds}`,
        },
      })
    },
    stop: () => uses.stop(),
  }
}

function ownUses(perMinute: number) {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return {
    async count(address: string) {
      try {
        await limiter.consume(address)
        return 0
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        return Math.max(1, refusal.msBeforeNext)
      }
    },
    async stop() {},
  }
}

/**
 * Guards the login. Guesses are counted by address and account together, and more loosely by each alone, so that
 * guessing is slow. What is guessed elsewhere does not count where an admin has signed in before, as far back as this
 * process remembers: nobody can lock them out.
 */
export function loginLimit(counted: Counters = inMemory) {
  const pair = counted({ name: 'pair', points: 8, seconds: 900 })
  const address = counted({ name: 'address', points: 40, seconds: 900 })
  const account = counted({ name: 'account', points: 200, seconds: 3600 })
  const homes = new Set<string>()

  return {
    async attempt(from: string, email: string) {
      try {
        await pair.consume(`${from} ${email}`)
        await address.consume(from)
        if (!homes.has(`${from} ${email}`)) await account.consume(email)
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw Problem.later('too_many_logins', refusal.msBeforeNext / 1000)
      }
    },
    async succeeded(from: string, email: string) {
      await pair.delete(`${from} ${email}`)
      await address.reward(from)
      if (homes.size > 1_000) homes.clear()
      homes.add(`${from} ${email}`)
    },
  }
}

/** Guards the portal's form, which makes mail: twenty times within a quarter of an hour for one address on the network. */
export function signInLimit(counted: Counters = inMemory) {
  const limiter = counted({ name: 'portal', points: 20, seconds: 900 })
  return async (address: string) => {
    try {
      await limiter.consume(address)
      return true
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      return false
    }
  }
}
