// What is said of a link, wherever one is shared.
export const sentences = {
  yourLink: 'Your link',
  copyLink: 'Copy link',
  copied: 'Copied',
  copyByHand: 'The link is selected. Press Ctrl+C, or ⌘C on a Mac, to copy it.',
  share: 'Share',
  picture: 'QR code',
  pictureOf: 'QR code of {link}',
  pictureText: 'Scan it to open the link. On paper, leave the white border around it.',
  pictureSave: 'Save as SVG',

  figures: 'Your figures',
  more: 'Show {n} more',
  date: 'Date',
  state: 'State',
  stale: 'These figures may be older than they look.',
}
