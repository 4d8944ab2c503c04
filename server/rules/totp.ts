import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_S = 30
const DIGITS = 6
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
// A code is good a half minute before and after its own: clocks differ, and people type slowly.
const SKEW = 1

/** The half minute that a moment lies in, as RFC 6238 counts them. */
export const stepAt = (now: Date) => Math.floor(now.getTime() / 1000 / STEP_S)

/** The code of one half minute (RFC 6238 over HMAC-SHA-1, which is what authenticator apps know). */
export function codeAt(secret: Buffer, step: number, digits = DIGITS) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) as number) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

/**
 * The half minute whose code this is, of those that are good now and later than `after`, the last that was used. Null where
 * it is none of them, so that a code that was seen over a shoulder is worth nothing any more.
 */
export function stepOf(secret: Buffer, code: string, { now, after }: { now: Date; after: number | null }) {
  const given = Buffer.from(code)
  if (given.length !== DIGITS) return null
  const current = stepAt(now)
  let found: number | null = null
  for (let step = current - SKEW; step <= current + SKEW; step++) {
    const isIt = timingSafeEqual(given, Buffer.from(codeAt(secret, step)))
    if (isIt && step > (after ?? -1)) found ??= step
  }
  return found
}

/** Bytes as base 32 (RFC 4648) without padding, as people type them into their app. */
export function base32(bytes: Uint8Array) {
  let [text, held, bits] = ['', 0, 0]
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
  }
  return bits ? text + ALPHABET[(held << (5 - bits)) & 31] : text
}

/** The bytes of such a text. */
export function fromBase32(text: string) {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const letter of text) {
    held = ((held << 5) | ALPHABET.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
  }
  return Buffer.from(bytes)
}

/** What an authenticator app reads from a QR code. */
export function otpauth({ secret, issuer, account }: { secret: string; issuer: string; account: string }) {
  const label = [issuer, account].map(encodeURIComponent).join(':')
  const query = new URLSearchParams({ secret, issuer, algorithm: 'SHA1', digits: String(DIGITS), period: String(STEP_S) })
  // Some apps show a plus as it stands.
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`
}
