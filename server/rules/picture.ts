import { encode } from 'uqr'

/** Around a code stay four modules empty: without them many a scanner does not find it. */
const MARGIN = 4

/**
 * A link as a QR code: an SVG document, black on white whatever it stands on, that a camera reads with up to 15 % of it
 * damaged. Undefined for a link too long to be read from a screen: above 1,000 characters.
 */
export function pictureOf(link: string): string | undefined {
  if (link.length > 1_000) return undefined
  const { size, data } = encode(link, { ecc: 'M', border: MARGIN })
  const path = data
    .map((row, y) =>
      runs(row)
        .map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`)
        .join(''),
    )
    .join('')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">`,
    `<rect width="${size}" height="${size}" fill="#fff"/><path d="${path}"/></svg>`,
  ].join('')
}

/** The dark stretches of a row. */
function runs(row: boolean[]) {
  const found: { x: number; length: number }[] = []
  row.forEach((isDark, x) => {
    const last = found.at(-1)
    if (!isDark) return
    if (last && last.x + last.length === x) last.length++
    else found.push({ x, length: 1 })
  })
  return found
}
