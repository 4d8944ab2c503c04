import { computed, effect, signal } from '@preact/signals'
import type { Program } from './api.ts'
import type { Settings } from './element.ts'
import { type Formats, formats } from './format.ts'
import { sentencesFor } from './language.ts'
import type { Groups } from './wording/wording.ts'

/** How an element speaks: its sentences, the host's before our own, and the forms of its language. */
export type Speech<Sentences = Groups['start']> = Formats & { say: Sentences }

/**
 * Fetches what some groups say in the element's language, and again when that changes; until then what was said before
 * stays. `words` is nothing as long as there is none at all, so that nobody sees a language flash that is not theirs.
 */
export function speech<Sentences extends object = Groups['start']>(settings: Settings, ...groups: (keyof Groups)[]) {
  const known = signal<{ lang: string; sentences: object } | undefined>()
  const failed = signal(false)
  const { promise: ready, resolve } = Promise.withResolvers<void>()

  async function learn(lang: string) {
    failed.value = false
    try {
      const sentences = await sentencesFor(lang, groups)
      if (lang === settings.lang.peek()) known.value = { lang, sentences }
      resolve()
    } catch {
      failed.value = !known.peek()
    }
  }

  const words = computed(() => {
    if (!known.value) return undefined
    const { lang, sentences } = known.value
    return { ...formats(lang), say: { ...sentences, ...settings.wording.value } } as unknown as Speech<Sentences>
  })
  const leave = effect(() => void learn(settings.lang.value))
  return { words, failed, ready, leave, retry: () => learn(settings.lang.peek()) }
}

/** What a program pays, or this partner if it has a rate of its own; for the sentence of a share or of a fixed amount. */
export function payOf(program: Program, { say, fill, percent, money }: Speech, ownRate?: number | null) {
  const { type, rate, flatAmount, recurringMonths, recurringPayments } = program.commission
  const isFlat = type === 'flat' && ownRate == null
  const share = isFlat ? money(flatAmount ?? 0, program.currency) : percent(ownRate ?? rate)
  const term = recurringMonths
    ? fill(say.termMonths, { n: recurringMonths })
    : recurringPayments
      ? fill(say.termPayments, { n: recurringPayments })
      : ''
  return { isFlat, share, term }
}

/** What happened, if there is a word for it, and what to do. */
export function told(
  failure: { code: string; seconds: number },
  { say, fill, fromNow }: Speech,
): { title?: string; text: string } {
  if (failure.seconds) return { text: fill(say.tooMany, { when: fromNow(failure.seconds) }) }
  const all: Record<string, string | undefined> = say as object as Record<string, string>
  const text = all[`failure.${failure.code}`]
  return text ? { title: all[`failure.${failure.code}.title`], text } : { text: say.failed }
}

/** The same in one line. */
export function sentenceFor(failure: { code: string; seconds: number }, words: Speech): string {
  const { title, text } = told(failure, words)
  return title ? words.fill(words.say.failedWith, { title, text }) : text
}
