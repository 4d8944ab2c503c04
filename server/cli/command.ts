/** How a command ends. `CONFIGURATION` is also how a server that cannot start ends. */
export const OK = 0
export const FOUND = 1
export const USAGE = 2
export const COULD_NOT = 3
export const CONFIGURATION = 78

type Option = {
  type: 'string' | 'boolean'
  short?: string
  multiple?: boolean
  /** What stands for the value in the help. */
  value?: string
  about: string
}

/** What was asked for, once it is known to be of the kinds that the command takes. */
export type Asked = { options: Record<string, string | boolean | string[] | undefined>; words: string[] }

export type Command = {
  /** What comes after the command's name, as the help writes it. */
  takes?: string
  /** Sentences, a line each. */
  about: string[]
  options: Record<string, Option>
  /** How many words it takes beside its options: from, to. */
  words?: [number, number]
  /** Answers how it ended; nothing where it goes on by itself. */
  run(asked: Asked): Promise<number | undefined>
}

/** It was asked for in a way that it does not take. */
export class Misused extends Error {}

/** It could not be done, and the message says why and what to do. Nothing has been left half done. */
export class CouldNot extends Error {}

/** An option with a value, or nothing where it was not given. */
export function text({ options }: Asked, name: string) {
  const value = options[name]
  if (value === '') throw new Misused(`--${name} takes a value`)
  return typeof value === 'string' ? value : undefined
}

/** An option that is a whole number of at least one. */
export function number(asked: Asked, name: string) {
  const value = text(asked, name)
  if (value === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new Misused(`--${name} takes a whole number of at least 1`)
  return Number(value)
}
