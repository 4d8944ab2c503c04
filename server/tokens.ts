import { createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { isSafeText } from './body.ts'

const issuer = 'mislata'
const algorithm = 'HS256'
// Longer than anything signed here: a token that is to live longer has been made with a key that got out.
const LONGEST_S = 24 * 3600

/** Who a token speaks for. `session` is a customer of one program; `admin` names a session that can be ended. */
export type TokenFor = { kind: 'session'; programId: string; customerId: string } | { kind: 'admin'; sessionId: string }

/** Signs and reads the tokens of this installation. Algorithm, issuer, audience and type are fixed here, never read from a token. */
export function tokens(secret: string) {
  // As a key object, which is made ready for signing once and not for each token.
  const key = createSecretKey(derived(secret, 'tokens'))
  const applicationKey = derived(secret, 'application-tokens')

  return {
    sign(of: TokenFor, { now, expiresAt }: { now: Date; expiresAt: Date }) {
      const [audience, subject] = of.kind === 'admin' ? ['admin', of.sessionId] : [of.programId, of.customerId]
      return new SignJWT({})
        .setProtectedHeader({ alg: algorithm, typ: typeOf[of.kind] })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(Math.floor(now.getTime() / 1000))
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(key)
    },

    /** Undefined for everything that this installation did not sign for this purpose, or that has run out. */
    async read(token: string, now: Date): Promise<TokenFor | undefined> {
      const kind = claimedKind(token)
      if (!kind) return undefined
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer,
          typ: typeOf[kind],
          requiredClaims: ['exp', 'iat', 'sub', 'aud'],
          currentDate: now,
          ...(kind === 'admin' && { audience: 'admin' }),
        })
        if (typeof payload.sub !== 'string' || typeof payload.aud !== 'string' || !isSafeText(payload.sub)) return undefined
        const lasts = (payload.exp ?? 0) - (payload.iat ?? 0)
        if (lasts <= 0 || lasts > LONGEST_S) return undefined
        return kind === 'admin' ? { kind, sessionId: payload.sub } : { kind, programId: payload.aud, customerId: payload.sub }
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        return undefined
      }
    },

    /** What an applicant's browser keeps to ask for the state of its application: chance, and proof that it came from here. */
    newApplicationToken() {
      const chance = randomBytes(24).toString('base64url')
      return `mat_${chance}${mac(applicationKey, chance)}`
    },

    isApplicationToken(token: string) {
      const match = /^mat_([\w-]{32})([\w-]{22})$/.exec(token)
      if (!match) return false
      const [, chance = '', proof = ''] = match
      return timingSafeEqual(Buffer.from(mac(applicationKey, chance)), Buffer.from(proof))
    },
  }
}

export type Tokens = ReturnType<typeof tokens>

const typeOf = { session: 'mislata-session+jwt', admin: 'mislata-admin+jwt' } as const

/** What a token says it is for, which its verification has yet to show; undefined where it is no token. */
function claimedKind(token: string) {
  try {
    return decodeProtectedHeader(token).typ === typeOf.admin ? 'admin' : 'session'
  } catch {
    return undefined
  }
}

function mac(key: Uint8Array, text: string) {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)
}

// One secret, and a key of its own for each use, so that nothing made for one passes for another.
function derived(secret: string, use: string) {
  return new Uint8Array(hkdfSync('sha256', secret, 'mislata', use, 32))
}
