import { createHash, randomBytes } from 'node:crypto'

// In the order of ASCII, so that ids made later sort later; without the letters that look like digits.
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export type Prefix =
  | 'prog'
  | 'par'
  | 'apl'
  | 'cus'
  | 'clk'
  | 'ref'
  | 'cnv'
  | 'com'
  | 'key'
  | 'adm'
  | 'ses'
  | 'inv'
  | 'jtx'
  | 'mail'
  | 'evt'
  | 'dlv'
  | 'whk'
  | 'pay'
  | 'rwd'
  | 'crd'
  | 'deal'
  | 'rfd'
  | 'dcn'
  | 'lnk'
  | 'aud'
  | 'bat'
  | 'imp'
  | 'ask'

/**
 * A new id: the prefix, eight characters of time in milliseconds, three that count within the millisecond, so that what
 * one process makes later sorts later, and eleven of chance (64 bits).
 */
export function newId(prefix: Prefix, at: Date) {
  const ms = at.getTime()
  const before = made.get(ms) ?? 0
  made.delete(ms)
  made.set(ms, Math.min(before + 1, 58 ** 3 - 1))
  if (made.size > 1_000) made.delete(made.keys().next().value as number)
  return `${prefix}_${base58(ms, 8)}${base58(before, 3)}${randomText(11)}`
}

// How many of the milliseconds last asked for: several, because programs in test mode have times of their own.
const made = new Map<number, number>()

/**
 * When a click's id was made, in milliseconds, where it says so: one of ours, or of the snippet's, which begin with the
 * browser's clock. Null for any other, and for times in which no click was ever kept.
 */
export function clickMadeAt(id: string) {
  const [, browsers, ours] = /^clk_(?:(\d{13})\d{3,}|([1-9A-HJ-NP-Za-km-z]{8})[1-9A-HJ-NP-Za-km-z]{14})$/.exec(id) ?? []
  const ms = browsers ? Number(browsers) : [...(ours ?? '')].reduce((sum, each) => sum * 58 + alphabet.indexOf(each), 0)
  return ms >= FIRST_CLICK ? ms : null
}

const FIRST_CLICK = Date.parse('2025-01-01T00:00:00Z')

/** Characters that cannot be guessed: 5.86 bits each. */
export function randomText(length: number) {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 232 is four times 58: bytes above it would favour the first characters.
      if (byte < 232 && text.length < length) text += alphabet[byte % 58]
    }
  }
  return text
}

/** How a secret is stored: it has too many bits to be guessed, so a plain hash does not need to be slow. */
export function hashed(secret: string) {
  return createHash('sha256').update(secret).digest('base64url')
}

function base58(value: number, length: number) {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 58)) text = alphabet[rest % 58] + text
  return text
}
