import type { Story } from '../contract/story.ts'
import { changesOf } from './story-changes.ts'
import { type Facts, said } from './story-facts.ts'
import { originOf } from './story-origin.ts'
import { reversalOf, standingOf } from './story-standing.ts'

/**
 * How a commission came about, and what has become of it, a sentence for each step with the ids, dates and arithmetic that
 * it rests on: from the click to the sum, then everything that happened, in its order, and at the end where it stands.
 */
export function storyOf(facts: Facts, now: string): Story['steps'] {
  const changes = changesOf(facts).sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : 0))
  return [
    ...originOf(facts),
    ...changes.map(each => each.step),
    ...reversalOf(facts),
    said({ step: 'standing', at: now, ...standingOf(facts, now) }),
  ]
}
