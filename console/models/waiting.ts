import { batch, signal } from '@preact/signals'
import type { Overview } from '../../server/contract/overview.ts'
import { ask } from '../api.ts'
import { program } from './session.ts'

export type Waiting = Overview['decide'] & { stuck: number }

/** What waits for somebody, as the navigation counts it. */
export const waiting = signal<Partial<Waiting>>({})
/** The program's own day: where its clock has been moved it is not this machine's. */
export const today = signal('')
let turn = 0

/** Counts anew what waits for a decision: after every decision, and when somebody comes back to the page. */
export async function recount(id = program.peek()?.id) {
  const current = ++turn
  if (!id) return
  try {
    const { decide, stuck, to } = await ask<Overview>('GET', `/v1/apps/${id}/overview`)
    if (current !== turn) return
    batch(() => {
      waiting.value = { ...decide, stuck }
      today.value = to
    })
  } catch {
    // The numbers are a courtesy: the lists themselves say what is wrong.
  }
}
