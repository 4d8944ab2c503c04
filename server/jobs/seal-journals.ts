import type { Desk } from '../program/desk.ts'
import { sealAll } from '../program/journal-chain.ts'

/** Gives what has been booked its place in the chain of its program. */
export function sealJournals(desk: Desk) {
  return sealAll(desk)
}
