import { computed, effect, signal, untracked } from '@preact/signals'
import type { Program } from './api.ts'
import type { Settings } from './element.ts'
import { type Formats, formats } from './format.ts'
import { sentencesFor } from './language.ts'
import type { Numbered } from './wording/numbered.ts'
import type { Groups, Part, Wording } from './wording/wording.ts'

/** For a name that comes from elsewhere, and that there may be no sentence of. */
export type Says = { [name: string]: string | undefined }

/** How an element speaks: its sentences, the host's before our own, and the forms of its language. */
export type Speech<Sentences = Groups['start']> = Formats & { say: Sentences }

type Known = {
  lang: string
  said: Numbered
  reword: ((said: Numbered, own: Partial<Wording>, part?: Part) => Numbered) | undefined
}

/**
 * Fetches what is said in the element's language, and again when that changes; until then what was said before stays.
 * `words` is nothing as long as there is none at all, so that nobody sees a language flash that is not theirs.
 */
export function speech<Sentences = Groups['start']>(settings: Settings, part?: Part) {
  const known = signal<Known | undefined>()
  const failed = signal(false)
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  let turn = 0

  async function learn() {
    const lang = settings.lang.peek()
    const current = ++turn
    failed.value = false
    try {
      // A host's own words have to be found by their names. Where those cannot be had, ours will do.
      const isReworded = Object.keys(settings.wording.peek() ?? {}).length > 0
      const names = isReworded ? import('./wording/own.ts').catch(() => undefined) : undefined
      const [said, own] = await Promise.all([sentencesFor(lang, part), names])
      if (current === turn) known.value = { lang, said, reword: own?.withOwn }
      resolve()
    } catch {
      failed.value = !known.peek()
    }
  }

  const words = computed(() => {
    if (!known.value) return undefined
    const { lang, said, reword } = known.value
    const say = reword ? reword(said, settings.wording.value, part) : said
    return { ...formats(lang), say } as unknown as Speech<Sentences>
  })
  const leave = effect(() => {
    void [settings.lang.value, settings.wording.value]
    void untracked(learn)
  })
  return { words, failed, ready, leave, retry: learn }
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
  const text = (say as object as Says)[`failure.${failure.code}`]
  return text ? { title: (say as object as Says)[`failure.${failure.code}.title`], text } : { text: say.failed }
}

/** The same in one line. */
export function sentenceFor(failure: { code: string; seconds: number }, words: Speech): string {
  const { title, text } = told(failure, words)
  return title ? words.fill(words.say.failedWith, { title, text }) : text
}
