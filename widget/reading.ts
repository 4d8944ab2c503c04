import { Failure } from './failure.ts'

/** Turns what came over the wire into what a view may show, or refuses it. */
export type Reader<T> = (value: unknown) => T

// A reply is shown to people, so an object where a sentence should be, or a link that runs a script, stops here.
// These few lines do for replies what the server's schemas do for requests, at a tenth of the size.
const refuse = () => {
  throw new Failure('unexpected_reply')
}

export const text: Reader<string> = value => (typeof value === 'string' ? value : refuse())
export const number: Reader<number> = value => (Number.isFinite(value) ? (value as number) : refuse())
export const flag: Reader<boolean> = value => (typeof value === 'boolean' ? value : refuse())

export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  value =>
    value == null ? null : read(value)

export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  value =>
    value == null ? undefined : read(value)

export const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  value =>
    Array.isArray(value) ? value.map(read) : refuse()

export const shape =
  <T extends object>(fields: { [Key in keyof T]-?: Reader<T[Key]> }): Reader<T> =>
  value => {
    const given = Object(value)
    return Object.fromEntries(Object.entries(fields).map(([key, read]) => [key, (read as Reader<unknown>)(given[key])])) as T
  }

export const word =
  <T extends string>(...words: T[]): Reader<T> =>
  value =>
    words.includes(value as T) ? (value as T) : refuse()

/** An ISO 4217 code; anything else would make the formatter throw. */
export const currency: Reader<string> = value => (/^[A-Z]{3}$/.test(text(value)) ? (value as string) : refuse())

/** A point in time or a day; anything else would be shown as an invalid date. */
export const time: Reader<string> = value => (Number.isNaN(Date.parse(text(value))) ? refuse() : (value as string))

/** An address that a link may lead to, or nothing. */
export const link: Reader<string> = value => (typeof value === 'string' && /^https?:\/\//i.test(value) ? value : '')

/** A colour as a program has it, or nothing. */
export const colour: Reader<string> = value => (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) ? value : '')
