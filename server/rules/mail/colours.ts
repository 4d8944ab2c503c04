type Rgb = [number, number, number]

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]
// Of what a link may stand on, what it stands out from least.
const DAY_GROUND = '#fafaf9'
const DARK_GROUND = '#1b1917'
/** What text needs to be read, and what a button needs to be seen: WCAG 2.2, 1.4.3 and 1.4.11. */
const [TEXT, SHAPE] = [4.5, 3]

/**
 * An accent as mail programs can take it, which know no colour functions: what stands on it, and the accent itself for
 * buttons and links by day and by night, moved no further than it must be to be seen.
 */
export function coloursOf(accent: string) {
  const night = towards(accent, WHITE, SHAPE, DARK_GROUND)
  return {
    day: { button: accent, on: on(accent), link: towards(accent, BLACK, TEXT, DAY_GROUND) },
    night: { button: night, on: on(night), link: towards(accent, WHITE, TEXT, DARK_GROUND) },
  }
}

/** How well two colours stand apart, from 1 to 21. */
export function contrast(one: string, other: string) {
  const [high = 0, low = 0] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const on = (ground: string) => (contrast(ground, '#ffffff') >= contrast(ground, '#000000') ? '#ffffff' : '#000000')

function towards(colour: string, end: Rgb, wanted: number, ground: string) {
  const from = rgb(colour)
  for (let step = 0; step < 50; step++) {
    const mixed = hex(from.map((each, at) => each + ((end[at] ?? 0) - each) * (step / 50)) as Rgb)
    if (contrast(mixed, ground) >= wanted) return mixed
  }
  return hex(end)
}

const rgb = (colour: string) => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb
const hex = (parts: Rgb) => `#${parts.map(part => Math.round(part).toString(16).padStart(2, '0')).join('')}`

function luminance(parts: Rgb) {
  const [red = 0, green = 0, blue = 0] = parts.map(part => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
