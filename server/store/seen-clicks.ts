const LARGEST_ROW = 2 ** 32 - 1

/**
 * Which clicks there have been within the hour, by a number made of code, visitor and hour, with the row of each: in
 * memory, because on disk every click would change a page of its own. A key is remembered for at least as long as one
 * turn lasts, and at most two.
 */
export class SeenClicks {
  #most: number
  #now = new Rows()
  #before = new Rows()

  constructor(most: number) {
    this.#most = most
  }

  /** The row of the click that came first. */
  rowOf(key: number) {
    return this.#now.get(key) ?? this.#before.get(key)
  }

  add(key: number, row: number) {
    if (row > LARGEST_ROW) this.#most = 0
    else this.#now.set(key, row)
  }

  /** Makes room for so many at once: a table that grows leaves its smaller ones behind. */
  expect(count: number) {
    if (this.#now.count === 0) this.#now = new Rows(Math.min(count, this.#most))
  }

  /** No more should be added before the next turn. */
  get isFull() {
    return this.#now.count >= this.#most
  }

  turn() {
    this.#before = this.#now
    this.#now = new Rows()
  }
}

/** 53 bits that tell one text from another. Nobody can look for two that are alike: a part of the text is a keyed hash. */
export function keyOf(text: string) {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b >>> 0) * 0x200000 + (a >>> 11)
}

/** A table of rows by number, none of them 0: 16 to 32 bytes each, where a Map takes six times that. */
class Rows {
  count = 0
  #keys: Float64Array
  #rows: Uint32Array

  constructor(expected = 0) {
    const length = Math.max(1024, Math.ceil(expected * 1.4))
    this.#keys = new Float64Array(length)
    this.#rows = new Uint32Array(length)
  }

  get(key: number) {
    const place = this.#placeOf(key)
    return this.#keys[place] === key ? this.#rows[place] : undefined
  }

  set(key: number, row: number) {
    if (this.count * 4 >= this.#keys.length * 3) this.#grow()
    const place = this.#placeOf(key)
    if (this.#keys[place] !== key) this.count++
    this.#keys[place] = key
    this.#rows[place] = row
  }

  /** Where the key stands, or the free place where it would. */
  #placeOf(key: number) {
    const last = this.#keys.length - 1
    let place = key % this.#keys.length
    while (this.#keys[place] !== 0 && this.#keys[place] !== key) place = place === last ? 0 : place + 1
    return place
  }

  #grow() {
    const keys = this.#keys
    const rows = this.#rows
    this.#keys = new Float64Array(keys.length * 2)
    this.#rows = new Uint32Array(keys.length * 2)
    for (const [i, key] of keys.entries()) {
      if (key === 0) continue
      const place = this.#placeOf(key)
      this.#keys[place] = key
      this.#rows[place] = rows[i] as number
    }
  }
}
