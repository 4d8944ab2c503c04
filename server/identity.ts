import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTHeaderParameters, jwtVerify } from 'jose'
import * as v from 'valibot'
import { isSafeText } from './body.ts'
import { CustomerId, Email } from './contract/text.ts'
import { Problem } from './problem.ts'
import type { Program } from './store/programs.ts'

// Fixed here, never read from a token: only signatures that need a key which nobody publishes.
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')
const OLDEST_TOKEN = '24h'
const CLOCKS_DIFFER_S = 30

const FRESH_MS = 10 * 60_000
// An unknown key id makes one more question, but not one for each token that somebody makes up.
const COOL_DOWN_MS = 30_000
const RETRY_MS = 10_000
// Keys that were read before go on while their provider does not answer.
const USABLE_MS = 60 * 60_000

export type Identified = { program: Program; customerId: string; email: string | null }

/**
 * Reads the tokens of the hosts' own identity providers, whose keys `keysAt` finds. A token belongs to the one program
 * that names its issuer and its audience; `sub` is the customer's id, and `email` counts only where the provider has
 * verified it. 503 where the keys cannot be had.
 */
export function identity(keysAt: (url: string) => Promise<unknown>) {
  const sets = new Map<string, KeySet>()

  function setAt(url: string) {
    let known = sets.get(url)
    if (!known) {
      if (sets.size > 1_000) sets.clear()
      known = new KeySet(() => keysAt(url))
      sets.set(url, known)
    }
    return known
  }

  return {
    /** Undefined for everything that is not a good token of one program's provider. */
    async read(token: string, programs: Iterable<Program>, now: Date): Promise<Identified | undefined> {
      const claimed = claimsOf(token)
      // A token that two programs take would be that of another customer in each.
      const [program, another] = claimed ? [...programs].filter(each => isFor(each, claimed)) : []
      if (!program || another) return undefined
      const { jwksUrl, issuer, audience } = program.settings.identity
      const keys = setAt(jwksUrl as string)
      const how = {
        algorithms,
        issuer: issuer as string,
        audience: audience as string,
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: OLDEST_TOKEN,
        clockTolerance: CLOCKS_DIFFER_S,
        currentDate: now,
      }
      const verified = await jwtVerify(token, (header: JWTHeaderParameters) => keys.find(header, now), how).catch(
        (error: unknown) => {
          if (error instanceof Problem) throw error
          return undefined
        },
      )
      const { sub, email, email_verified } = verified?.payload ?? {}
      if (!v.is(CustomerId, sub) || !isSafeText(sub)) return undefined
      const address = v.safeParse(Email, email)
      const believed = email_verified === true && address.success && isSafeText(address.output)
      return { program, customerId: sub, email: believed ? address.output : null }
    },
  }
}

export type Identity = ReturnType<typeof identity>

type Claims = ReturnType<typeof decodeJwt>

/** What a token says of itself, which nobody has checked yet. */
function claimsOf(token: string): Claims | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}

function isFor({ settings: { identity } }: Program, { iss, aud }: Claims) {
  const { jwksUrl, issuer, audience } = identity
  return !!jwksUrl && !!issuer && !!audience && iss === issuer && [aud].flat().includes(audience)
}

type Finder = ReturnType<typeof createLocalJWKSet>

/** The keys of one provider, read when they are needed and remembered for a while. */
class KeySet {
  #read: () => Promise<unknown>
  #keys: Finder | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | null = null

  constructor(read: () => Promise<unknown>) {
    this.#read = read
  }

  async find(header: JWTHeaderParameters, now: Date) {
    const keys = await this.#current(now.getTime())
    try {
      return await keys(header)
    } catch (error) {
      // The provider may have changed its keys since.
      if ((error as { code?: string }).code !== 'ERR_JWKS_NO_MATCHING_KEY') throw error
      if (now.getTime() - this.#triedAt < COOL_DOWN_MS) throw error
      await this.#refresh(now.getTime())
      return await (this.#keys ?? keys)(header)
    }
  }

  async #current(now: number) {
    const age = now - this.#readAt
    if (age >= FRESH_MS && (this.#reading || now - this.#triedAt >= RETRY_MS)) await this.#refresh(now)
    if (!this.#keys || now - this.#readAt >= USABLE_MS)
      throw new Problem('identity_unavailable', { headers: { 'retry-after': String(RETRY_MS / 1_000) } })
    return this.#keys
  }

  #refresh(now: number) {
    this.#reading ??= this.#reread(now).finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #reread(now: number) {
    this.#triedAt = now
    try {
      this.#keys = createLocalJWKSet((await this.#read()) as JSONWebKeySet)
      this.#readAt = now
    } catch {
      // What cannot be read changes nothing: whoever asks goes on with what there is.
    }
  }
}
