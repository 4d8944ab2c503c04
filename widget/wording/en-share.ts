// What is said of a link, wherever one is shared.
export const enShare = {
  yourLink: 'Your link',
  copyLink: 'Copy link',
  copied: 'Copied',
  copyByHand: 'The link is selected. Press Ctrl+C, or ⌘C on a Mac, to copy it.',
  share: 'Share',
  picture: 'QR code',
  pictureOf: (link: string) => `QR code of ${link}`,
  pictureText: 'Scan it to open the link. On paper, leave the white border around it.',
  pictureSave: 'Save as SVG',

  figures: 'Your figures',
  clicks: (count: number, shown: string) => `${shown} ${count === 1 ? 'click' : 'clicks'}`,
  signups: (count: number, shown: string) => `${shown} ${count === 1 ? 'signup' : 'signups'}`,
  more: (count: string) => `Show ${count} more`,
  date: 'Date',
  state: 'State',
  stale: 'These figures may be older than they look.',
}
