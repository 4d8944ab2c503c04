import * as v from 'valibot'

// The countries of the Single Euro Payments Area, with how long an account's number is there.
const lengths = Object.fromEntries(
  `AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20
  LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27 VA22`
    .split(/\s+/)
    .map(each => [each.slice(0, 2), Number(each.slice(2))]),
)

/** An account's number as it is written without spaces, where it is one that SEPA reaches: its country, length and check digits fit. */
export function sepaIban(text: string): string | null {
  const iban = text.replace(/\s/g, '').toUpperCase()
  return iban.length === lengths[iban.slice(0, 2)] && isIban(iban) ? iban : null
}

/** The same for any country: of one outside SEPA the length is not looked at, and the check digits are. */
export function ibanFrom(text: string): string | null {
  const iban = text.replace(/\s/g, '').toUpperCase()
  return (lengths[iban.slice(0, 2)] ?? iban.length) === iban.length && isIban(iban) ? iban : null
}

function isIban(iban: string) {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  // ISO 7064, MOD 97-10: the first four go last, letters count from 10.
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

/** A bank's code as it is written without spaces: eight characters, or eleven with the branch. */
export function bicFrom(text: string): string | null {
  const bic = text.replace(/\s/g, '').toUpperCase()
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic) ? bic : null
}

/** An IBAN within SEPA; spaces and small letters are forgiven. */
export const Iban = v.pipe(
  v.string(),
  v.maxLength(60),
  v.check(text => sepaIban(text) !== null, 'That is no IBAN of a SEPA country: check its digits.'),
  v.transform(text => sepaIban(text) ?? ''),
)

/** An IBAN of any country; spaces and small letters are forgiven. */
export const AccountIban = v.pipe(
  v.string(),
  v.maxLength(60),
  v.check(text => ibanFrom(text) !== null, 'That is no IBAN: check its digits.'),
  v.transform(text => ibanFrom(text) ?? ''),
)

export const Bic = v.pipe(
  v.string(),
  v.maxLength(20),
  v.check(text => bicFrom(text) !== null, 'Give eight or eleven characters, such as CAIXESBBXXX.'),
  v.transform(text => bicFrom(text) ?? ''),
)
