import { expect, test } from 'vitest'
import { pictureOf } from '../../server/rules/picture.ts'

test('A picture is a square of dark stretches on white, with an empty border of four modules', () => {
  const svg = pictureOf('https://acme.test/?ref=ADA-7KXQ') ?? ''
  const [, size = '0', path = ''] = svg.match(/viewBox="0 0 (\d+) \1".*<path d="([^"]+)"/) ?? []
  const modules = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].map(([, x, y, length]) => ({
    x: Number(x),
    y: Number(y),
    length: Number(length),
  }))
  expect(modules.map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`).join('')).toBe(path)
  // The upper left corner of every QR code: seven dark, then one light.
  expect(modules[0]).toEqual({ x: 4, y: 4, length: 7 })
  for (const { x, y, length } of modules) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4)
    expect(Math.max(x + length, y + 1)).toBeLessThanOrEqual(Number(size) - 4)
  }
})

test('There is none of a link too long to be scanned', () => {
  expect(pictureOf(`https://acme.test/${'a'.repeat(980)}`)).toContain('<svg')
  expect(pictureOf(`https://acme.test/${'a'.repeat(1_000)}`)).toBeUndefined()
})
