import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: 'Ihr Link',
  copyLink: 'Link kopieren',
  copied: 'Kopiert',
  copyByHand: 'Der Link ist markiert. Drücken Sie Strg+C, am Mac ⌘C, um ihn zu kopieren.',
  share: 'Teilen',
  picture: 'QR-Code',
  pictureOf: 'QR-Code von {link}',
  pictureText: 'Scannen öffnet den Link. Lassen Sie auf Papier den weißen Rand stehen.',
  pictureSave: 'Als SVG speichern',

  figures: 'Ihre Zahlen',
  more: '{n} weitere anzeigen',
  date: 'Datum',
  state: 'Status',
  stale: 'Diese Zahlen sind vielleicht nicht mehr aktuell.',
}
