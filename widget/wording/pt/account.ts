import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: 'Seu link',
  copyLink: 'Copiar link',
  copied: 'Copiado',
  copyByHand: 'O link está selecionado. Pressione Ctrl+C, ou ⌘C no Mac, para copiar.',
  share: 'Compartilhar',
  picture: 'QR Code',
  pictureOf: 'QR Code de {link}',
  pictureText: 'Escaneie para abrir o link. No papel, mantenha a borda branca em volta.',
  pictureSave: 'Salvar como SVG',

  figures: 'Seus números',
  more: 'Mostrar mais {n}',
  date: 'Data',
  state: 'Situação',
  stale: 'Estes números podem estar desatualizados.',
}
