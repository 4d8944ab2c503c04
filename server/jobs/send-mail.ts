import type { Desk } from '../program/desk.ts'
import { notSent, sent, take, written } from '../program/outgoing.ts'
import type { Mailer } from '../providers/smtp.ts'
import type { Claimed } from '../store/mails.ts'
import type { Job } from './index.ts'

// Longer than any attempt takes.
const LEASE_MS = 180_000
const AT_ONCE = 5
// After so many it is somebody else's turn: a run that never ends is in nobody's list of runs.
const ROUNDS = 100

/**
 * Sends what is due, some at a time and beside each other, so that one that hangs or is refused holds up no other. What
 * could not be sent is put off, and in the end given up.
 */
export function sendMail({ mailer, publicUrl }: { mailer: Mailer; publicUrl(): string }): Job {
  let stopped = false
  return {
    name: 'send mail',
    everyMs: 2_000,
    async run(desk) {
      for (let round = 0; round < ROUNDS && !stopped; round++) {
        const due = await take(desk, { limit: AT_ONCE, leaseMs: LEASE_MS })
        if (!due.length) return
        await Promise.all(due.map(mail => send(desk, mail)))
      }
    },
    async stop() {
      stopped = true
    },
  }

  async function send(desk: Desk, claimed: Claimed) {
    const mail = await written(desk, claimed, publicUrl())
    if (!mail) return notSent(desk, claimed, { failure: 'There is nothing left to send', isRefused: true })
    const result = await mailer.send(mail)
    if (result.outcome === 'sent') return sent(desk, claimed)
    return notSent(desk, claimed, { failure: result.failure, isRefused: result.outcome === 'refused' })
  }
}
