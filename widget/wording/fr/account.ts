import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: 'Votre lien',
  copyLink: 'Copier le lien',
  copied: 'Copié',
  copyByHand: 'Le lien est sélectionné. Appuyez sur Ctrl+C, ou ⌘C sur Mac, pour le copier.',
  share: 'Partager',
  picture: 'QR code',
  pictureOf: 'QR code de {link}',
  pictureText: 'Scannez-le pour ouvrir le lien. Sur papier, gardez la marge blanche qui l’entoure.',
  pictureSave: 'Enregistrer en SVG',

  figures: 'Vos chiffres',
  more: 'En afficher {n} de plus',
  date: 'Date',
  state: 'Statut',
  stale: 'Ces chiffres ne sont peut-être plus à jour.',
}
