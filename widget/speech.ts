import { computed } from '@preact/signals'
import type { Program } from './api.ts'
import type { Settings } from './element.ts'
import { type Formats, formats } from './format.ts'
import type { en, Pay } from './wording/en.ts'

/** How an element speaks: its sentences, the host's before our own, and the forms of its language. */
export type Speech<Sentences = typeof en> = Formats & { say: Sentences }

export function speech<Sentences extends object>(settings: Settings, sentences: Sentences) {
  return computed<Speech<Sentences>>(() => ({
    ...formats(settings.lang.value),
    say: { ...sentences, ...settings.wording.value },
  }))
}

/** What a program pays, or this partner if it has a rate of its own. */
export function payOf(program: Program, { percent, money }: Formats, ownRate?: number | null): Pay {
  const { type, rate, flatAmount, recurringMonths, recurringPayments } = program.commission
  const flat = type === 'flat' && ownRate == null
  const share = flat ? money(flatAmount ?? 0, program.currency) : percent(ownRate ?? rate)
  return { share, flat, months: recurringMonths, payments: recurringPayments }
}

/** What happened, if there is a word for it, and what to do. */
export function told(failure: { code: string; seconds: number }, { say }: Speech): { title?: string; text: string } {
  if (failure.seconds) return { text: say.tooMany(failure.seconds) }
  return say.failures[failure.code] ?? { text: say.failed }
}

/** The same in one line. */
export function sentenceFor(failure: { code: string; seconds: number }, words: Speech): string {
  const { title, text } = told(failure, words)
  return title ? `${title}. ${text}` : text
}
