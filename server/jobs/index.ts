import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Desk } from '../program/desk.ts'
import type { Mailer } from '../providers/smtp.ts'
import { closeMonths } from './close-month.ts'
import { deliverWebhooks } from './deliver-webhooks.ts'
import { grantRewards } from './grant-rewards.ts'
import { prune } from './prune.ts'
import { sendMail } from './send-mail.ts'

export type Job = {
  name: string
  everyMs: number
  /** How long after the start it runs first, where that is not to be at once. */
  firstMs?: number
  run(desk: Desk): Promise<void>
  /** Ends what a run has begun and not waited for. */
  stop?(): Promise<void>
}

/** What goes on by itself. Each is safe to run on several servers at once. */
export function jobs(mailer: Mailer | null): Job[] {
  return [
    // A start has enough to do, and what has served its purpose is in nobody's way.
    { name: 'prune', everyMs: 3_600_000, firstMs: 600_000, run: prune },
    { name: 'close months', everyMs: 60_000, firstMs: 60_000, run: closeMonths },
    deliverWebhooks(),
    grantRewards(),
    // Without a mail server, mails stay in the outbox.
    ...(mailer ? [{ name: 'send mail', everyMs: 5_000, run: sendMail(mailer) }] : []),
  ]
}

/** Runs each job again and again, never twice at the same time. `stop` resolves when none is running any more. */
export function start(all: Job[], desk: Desk, log: Logger, metrics: Metrics) {
  const timers = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let stopped = false

  function plan(job: Job, inMs: number) {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      const run = metrics
        .job(job.name, () => job.run(desk))
        .catch(error => log.error({ err: error, job: job.name }, 'A job failed'))
        .finally(() => {
          running.delete(run)
          plan(job, job.everyMs)
        })
      running.add(run)
    }, inMs)
    timers.add(timer)
  }

  for (const job of all) plan(job, job.firstMs ?? Math.min(job.everyMs, 5_000))
  return {
    async stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
      await Promise.all(all.map(job => job.stop?.()))
    },
  }
}
