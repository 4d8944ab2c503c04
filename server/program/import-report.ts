import type { ImportedLine, ImportProgress, ImportSummary } from '../contract/import.ts'

const none = { created: 0, changed: 0, unchanged: 0, skipped: 0, refused: 0 }
type Counts = typeof none
const noMoney = { pending: 0, approved: 0, held: 0, paid: 0, rejected: 0 }

type Money = { id: string; currency: string; amount: number; state: string }

/** Counts what is told of an import, as it is told. */
export function tally(dryRun: boolean) {
  let lines = 0
  const all = { ...none }
  const nouns = new Map<string, Counts>()
  const codes = new Map<string, number>()
  const totals = new Map<string, typeof noMoney>()
  // A file may have a row twice; its amount is there once.
  const seen = new Set<string>()

  const count = ({ noun, outcome, code }: Pick<ImportedLine, 'noun' | 'outcome' | 'code'>, times = 1) => {
    const own = nouns.get(noun) ?? { ...none }
    nouns.set(noun, own)
    own[outcome] += times
    all[outcome] += times
    if (code) codes.set(code, (codes.get(code) ?? 0) + times)
  }

  return {
    count,
    *lines(told: Iterable<ImportedLine>) {
      for (const each of told) {
        count(each)
        yield dryRun ? withoutId(each) : each
      }
    },
    money(told: Money[]) {
      for (const { id, currency, amount, state } of told) {
        if (seen.has(id)) continue
        seen.add(id)
        const own = totals.get(currency) ?? { ...noMoney }
        totals.set(currency, own)
        if (state in own) own[state as keyof typeof own] += amount
      }
    },
    progress(more: number): ImportProgress {
      lines += more
      return { type: 'progress', lines, ...all }
    },
    hasChanged: () => all.created + all.changed > 0,
    counts: () => ({ lines, ...all }),
    summary(more: Pick<ImportSummary, 'id' | 'complete'> & Partial<ImportSummary>): ImportSummary {
      return {
        type: 'summary',
        dryRun,
        lines,
        ...all,
        nouns: Object.fromEntries(nouns),
        codes: Object.fromEntries([...codes].sort(([a], [b]) => (a < b ? -1 : 1))),
        totals: [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, own]) => ({ currency, ...own })),
        ...more,
      }
    },
  }
}

// What is not made yet has no id that anybody could look up; what is there has.
function withoutId({ id, ...line }: ImportedLine): ImportedLine {
  return line.outcome === 'created' || id === undefined ? line : { ...line, id }
}
