import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: '紹介リンク',
  copyLink: 'リンクをコピー',
  copied: 'コピーしました',
  copyByHand: 'リンクを選択しました。Ctrl+C（Macでは⌘C）でコピーしてください。',
  share: '共有',
  picture: 'QRコード',
  pictureOf: '{link} のQRコード',
  pictureText: '読み取るとリンクが開きます。印刷するときは周囲の白い余白を残してください。',
  pictureSave: 'SVGで保存',

  figures: '実績',
  more: 'さらに{n}件表示',
  date: '日付',
  state: '状態',
  stale: '表示中の数値は最新ではない可能性があります。',
}
