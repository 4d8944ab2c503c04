import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: 'Tu enlace',
  copyLink: 'Copiar enlace',
  copied: 'Copiado',
  copyByHand: 'El enlace está seleccionado. Pulsa Ctrl+C, o ⌘C en un Mac, para copiarlo.',
  share: 'Compartir',
  picture: 'Código QR',
  pictureOf: 'Código QR de {link}',
  pictureText: 'Escanéalo para abrir el enlace. En papel, deja el borde blanco alrededor.',
  pictureSave: 'Guardar como SVG',

  figures: 'Tus cifras',
  more: 'Mostrar {n} más',
  date: 'Fecha',
  state: 'Estado',
  stale: 'Es posible que estas cifras no estén al día.',
}
