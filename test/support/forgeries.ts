import { createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto'

type Claims = Record<string, unknown>

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string
const jwk = publicKey.export({ format: 'jwk' })
const KEY_SENT_ALONG = 'a key that came with the token, 32 bytes'
const ownJwk = { kty: 'oct', k: encoded(KEY_SENT_ALONG) }

const hmac = (hash: string, key: Uint8Array | string) => (text: string) => createHmac(hash, key).update(text).digest('base64url')
const hs256 = (key: Uint8Array | string) => hmac('sha256', key)
const rs256 = (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64url')
const wrong = (name: string, values: unknown[]): Claims[] => values.map(value => ({ [name]: value }))

/**
 * Tokens that somebody might try in place of a true one. Each is wrong in one thing alone: what is not named about it is
 * the true token's, and it is signed with the installation's own key unless the signature is what is wrong.
 * `genuine` is built in the same way with nothing wrong.
 */
export function forgeries(trueToken: string, { secret, anotherAudience, anotherType }: Wrong) {
  const right = read(trueToken)
  const keyFor = (use: string) => new Uint8Array(hkdfSync('sha256', secret, 'mislata', use, 32))
  const ours = hs256(keyFor('tokens'))
  const token = (header: Claims, claims: Claims, signed: (text: string) => string = ours) => {
    const text = `${encoded({ ...right.header, ...header })}.${encoded({ ...right.claims, ...claims })}`
    return `${text}.${signed(text)}`
  }
  const genuine = token({}, {})
  const [head = '', body = '', signature = ''] = genuine.split('.')
  const withBody = (text: string) => `${head}.${encoded(text)}.${ours(`${head}.${encoded(text)}`)}`
  const issued = right.claims.iat as number

  const unsigned = wrong('alg', ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, 0, [], {}, undefined])
  const headers = [
    ...wrong('alg', ['HS384', 'HS512', 'hs256', ['HS256'], 'RS256', 'ES256', 'EdDSA', 'PS256', 'dir', 'A256GCMKW']),
    ...wrong('typ', ['JWT', undefined, null, 7, anotherType]),
    ...wrong('crit', [['exp'], 'x', [], ['zip'], [7], {}]),
    { crit: ['b64'], b64: false },
  ]
  const leading = [
    ...wrong('kid', ['../../../../dev/null', "' or 1=1 --", 'x'.repeat(3_000), '0']),
    ...wrong('jwk', [ownJwk, jwk]),
    ...wrong('jku', ['http://127.0.0.1:1/keys']),
    ...wrong('x5u', ['http://127.0.0.1:1/chain']),
    ...wrong('x5c', [['AAAA']]),
  ]
  const claims = [
    ...wrong('iss', ['elsewhere', undefined, null, ['mislata'], 'Mislata']),
    ...wrong('aud', [undefined, null, 7, '*', '', { id: 'x' }, [right.claims.aud], 'prog_111111111111111111', anotherAudience]),
    ...wrong('sub', [undefined, null, 7, '', '*', "' or 1=1 --", 'a\0b', '\ud800', [right.claims.sub]]),
    ...wrong('exp', [undefined, null, `${issued + 600}`, issued - 1, issued, -1, 1e308, issued + 10 * 365 * 86_400]),
    ...wrong('nbf', [issued + 60, `${issued}`, null, 1e308]),
    ...wrong('iat', [undefined, null, `${issued}`, 1e308]),
  ]
  const keys = ['', '\0'.repeat(32), 'secret', 'mislata', secret, secret.slice(0, 32), pem]
  const uses = ['application-tokens', 'Tokens', '']
  const shapes = [
    ...['', '.', '..', '...', '....', 'null', 'undefined', '%00', '[object', `${'a.'.repeat(2_000)}a`],
    ...[head, `${head}.${body}`, `${head}.${body}.`, `.${body}.${signature}`, `${head}..${signature}`, `..${signature}`],
    ...[`${genuine}.`, `.${genuine}`, `${genuine}.${signature}`, `${genuine}.a.b`, `${head}.${body}.${signature.slice(0, -2)}`],
    ...['not json', 'null', '[]', '{}', '"x"'].map(text => `${encoded(text)}.${body}.${signature}`),
    ...['not json', 'null', '[]', '{}', '"x"'].map(withBody),
    ...[genuine.toUpperCase(), [...genuine].reverse().join(''), encoded(genuine), `${body}.${head}.${signature}`],
  ]
  const forged = [
    ...unsigned.flatMap(header => [token(header, {}, () => ''), token(header, {})]),
    ...headers.map(header => token(header, {})),
    ...leading.map(header => token(header, {}, hs256(KEY_SENT_ALONG))),
    ...[...keys, ...uses.map(keyFor)].map(key => token({}, {}, hs256(key))),
    ...['HS384', 'HS512'].map(alg => token({ alg }, {}, hmac(alg.replace('HS', 'sha'), keyFor('tokens')))),
    ...[{}, { alg: 'RS256' }, { alg: 'RS256', jwk }].map(header => token(header, {}, rs256)),
    ...claims.map(each => token({}, each)),
    ...shapes,
  ]
  return { genuine, forged }
}

type Wrong = { secret: string; anotherAudience: string; anotherType: string }

/** Header and claims of a token, for people. */
export function read(token: string) {
  const [header, claims] = token.split('.').map(part => Buffer.from(part, 'base64url').toString())
  const parsed = (text = '') => {
    try {
      return JSON.parse(text) as Claims
    } catch {
      return {}
    }
  }
  return { header: parsed(header), claims: parsed(claims) }
}

function encoded(value: unknown) {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}
