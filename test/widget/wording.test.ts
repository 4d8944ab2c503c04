import { describe, expect, test } from 'vitest'
import { GROUPS, LANGUAGES, sentences } from './languages.ts'

const formsOf = (sentence: string | Record<string, string>) =>
  typeof sentence === 'string' ? [sentence] : Object.values(sentence)
const placesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).toSorted()

// What is a name, or happens to be the same word, and so is not English by oversight.
const SAME: Record<string, RegExp> = {
  de: /^(field\.(iban|bic)|name|email|website|active|tab\.(links|deals)|links|hooks|method\..*|failedWith)$/,
  es: /^(field\.(iban|bic)|hooks|method\..*|failedWith)$/,
  fr: /^(field\.(iban|bic)|email|picture|date|conversion|correction|notes|hooks|method\..*|failedWith)$/,
  pt: /^(field\.(iban|bic)|email|tab\.links|linkOf|hooks|method\..*|failedWith)$/,
  ja: /^(field\.(iban|bic)|method\.(paypal|wise|stripe))$/,
  ar: /^(field\.(iban|bic)|method\.(paypal|wise|stripe)|failedWith)$/,
}

describe.each(LANGUAGES.filter(lang => lang !== 'en'))('In %s', lang => {
  test.each(GROUPS)('%s says everything, with the same to fill in, and leaves nothing in English', async group => {
    const [english, said] = await Promise.all([sentences('en', group), sentences(lang, group)])
    expect(Object.keys(said)).toEqual(Object.keys(english))
    const left: string[] = []
    for (const [name, sentence] of Object.entries(english)) {
      const own = said[name] ?? ''
      expect(typeof own, name).toBe(typeof sentence)
      const wanted = placesIn(formsOf(sentence).at(-1) ?? '')
      expect(placesIn(formsOf(own).at(-1) ?? ''), name).toEqual(wanted)
      // The forms for one and for two may do without the number, and with nothing else.
      for (const form of formsOf(own)) {
        expect(form, name).not.toBe('')
        expect([...placesIn(form), '{n}'], name).toEqual(expect.arrayContaining(wanted))
        expect(wanted, name).toEqual(expect.arrayContaining(placesIn(form)))
      }
      if (JSON.stringify(own) === JSON.stringify(sentence)) left.push(name)
    }
    expect(left.filter(name => !SAME[lang]?.test(name))).toEqual([])
  })
})

describe.each(LANGUAGES)('In %s', lang => {
  test.each(GROUPS)('%s has a form for each of its plurals', async group => {
    const categories = new Intl.PluralRules(lang).resolvedOptions().pluralCategories.toSorted()
    for (const [name, sentence] of Object.entries(await sentences(lang, group)))
      if (typeof sentence !== 'string') expect(Object.keys(sentence).toSorted(), name).toEqual(categories)
  })

  test('the three steps of an application have three names', async () => {
    const { stepSent, stepReview, stepAnswer } = await sentences(lang, 'start')
    expect(new Set([stepSent, stepReview, stepAnswer]).size).toBe(3)
  })
})
