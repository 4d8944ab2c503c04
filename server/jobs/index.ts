import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Desk } from '../program/desk.ts'
import { finishAbandoned } from '../program/payout-runs.ts'
import { answerAsks } from '../program/portal-sign-in.ts'
import type { Mailer } from '../providers/smtp.ts'
import { closeMonths } from './close-month.ts'
import { deliverWebhooks } from './deliver-webhooks.ts'
import { forgetClicks } from './forget-clicks.ts'
import { forgetUses } from './forget-uses.ts'
import { grantRewards } from './grant-rewards.ts'
import { prune } from './prune.ts'
import { sealJournals } from './seal-journals.ts'
import { sendMail } from './send-mail.ts'
import { sendPayouts } from './send-payouts.ts'

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
export function jobs(mail: { mailer: Mailer; publicUrl(): string } | null, metrics?: Metrics): Job[] {
  return [
    // A start has enough to do, and what has served its purpose is in nobody's way.
    { name: 'prune', everyMs: 3_600_000, firstMs: 600_000, run: prune },
    { name: 'forget uses', everyMs: 60_000, firstMs: 60_000, run: forgetUses },
    forgetClicks(count => metrics?.forgotten(count)),
    { name: 'close months', everyMs: 60_000, firstMs: 60_000, run: closeMonths },
    { name: 'finish payout runs', everyMs: 60_000, firstMs: 60_000, run: finishAbandoned },
    { name: 'seal journals', everyMs: 10_000, run: sealJournals },
    deliverWebhooks(),
    grantRewards(),
    sendPayouts(attempted => metrics?.sending(attempted)),
    // Without a mail server, mails stay in the outbox.
    ...(mail ? [{ name: 'answer sign-ins', everyMs: 1_000, run: answerAsks }, sendMail(mail)] : []),
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
