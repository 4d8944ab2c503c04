import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

export type Said = { id: number; text: string; tone: 'good' | 'bad' }

export const saying = signal<Said[]>([])
let last = 0
const STAYS_MS = 6_000

/** Says something in the corner, and to a screen reader. What went wrong stays until it is put away. */
export function say(text: string, tone: Said['tone'] = 'good') {
  const id = ++last
  saying.value = [...saying.peek().slice(-2), { id, text, tone }]
  if (tone === 'good') setTimeout(() => unsay(id), STAYS_MS)
}

export const unsay = (id: number) => {
  saying.value = saying.peek().filter(each => each.id !== id)
}

export type Question = {
  title: string
  /** What it will mean. */
  text?: ComponentChildren
  /** What the button says: the act itself, never "OK". */
  verb: string
  danger?: boolean
  /** One answer to give with it. */
  answer?: { label: string; hint?: string; required?: boolean; area?: boolean; value?: string; max?: number }
  /** Done while the question stands there; what the server refuses is shown in it. */
  act: (answer: string) => Promise<unknown>
}

export const asking = signal<(Question & { settle: (done: boolean) => void }) | undefined>(undefined)

/** Asks before something is done, and does it. True once it is done; false where somebody thought better of it. */
export function askFirst(question: Question): Promise<boolean> {
  return new Promise(settle => {
    asking.value = { ...question, settle }
  })
}
