// What SEPA takes: Latin letters, digits and these. What has no letter under its accents is put into such by hand.
const latin = new Map(
  Object.entries({
    ß: 'ss',
    ẞ: 'SS',
    æ: 'ae',
    Æ: 'AE',
    œ: 'oe',
    Œ: 'OE',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ħ: 'h',
    Ħ: 'H',
    ı: 'i',
    ŋ: 'n',
    Ŋ: 'N',
    '&': '+',
    '@': '(at)',
    _: '-',
    '–': '-',
    '—': '-',
    '’': "'",
    '‘': "'",
    '`': "'",
    '€': 'EUR',
  }),
)
const greek = pairs('αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo')
const cyrillic = pairs(
  'аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ьy юyu яya ыy эe ёe іi їyi єye ґg јj љlj њnj ћc ђdj џdz ѓgj ќkj ѕdz',
)
const isTaken = /[a-zA-Z0-9/\-?:().,'+ ]/

/**
 * A text in the characters that every bank of SEPA takes, no longer than `most`: `Núñez & Söhne` is `Nunez + Sohne`,
 * `Μαρία` is `Maria`. What has no Latin form becomes a full stop; where nothing readable is left, `instead` stands there.
 */
export function sepaText(text: string, most: number, instead = '') {
  // Of the Greek letters two together are one sound.
  const read = text.normalize('NFC').replace(/([οΟό])[υύ]/g, (_, o) => `${o}u`)
  const plain = [...read].map(plainOf).join('').replace(/\s+/g, ' ').trim().slice(0, most).trim()
  return /[a-zA-Z0-9]/.test(plain) ? plain : instead
}

/** An id of ours in those characters: `pay_1A2b` is `pay-1A2b`. */
export const sepaId = (id: string) => id.replaceAll('_', '-')

function plainOf(letter: string): string {
  if (isTaken.test(letter)) return letter
  if (/\s/.test(letter)) return ' '
  // Marks that turn the direction of what follows are no characters.
  if (/[\p{Cf}\p{Cc}]/u.test(letter)) return ''
  const known = latin.get(letter) ?? greek.get(letter) ?? cyrillic.get(letter)
  if (known !== undefined) return known
  const small = letter.toLowerCase()
  const large = small === letter ? undefined : (greek.get(small) ?? cyrillic.get(small))
  if (large) return large.charAt(0).toUpperCase() + large.slice(1)
  const [base = '', ...rest] = letter.normalize('NFKD').replace(/\p{M}/gu, '')
  if (base === '' || (base === letter && !rest.length)) return base === '' ? '' : '.'
  return [base, ...rest].map(plainOf).join('')
}

function pairs(text: string) {
  return new Map(text.split(' ').map(each => [each.charAt(0), each.slice(1)] as const))
}
