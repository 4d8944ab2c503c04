import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { info } from './openapi/words.ts'
import type { Desk } from './program/desk.ts'
import * as outbox from './store/outbox.ts'

export type Instruments = ReturnType<typeof instruments>

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Everything that is counted; see docs/running.md for what each says. */
export function instruments(desk: Desk) {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })

  const requests = new Counter({
    name: 'mislata_http_requests_total',
    help: 'Requests answered, but for clicks, by route',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'mislata_http_request_duration_seconds',
    help: 'How long answers took',
    labelNames: ['method', 'route'] as const,
    buckets: quick,
    registers,
  })
  const clicks = new Counter({
    name: 'mislata_clicks_total',
    help: 'Clicks: new, repeated within the hour, failed to be stored, or refused because too many waited',
    labelNames: ['outcome'] as const,
    registers,
  })
  const forgotten = new Counter({
    name: 'mislata_clicks_forgotten_total',
    help: 'Clicks deleted because they were older than clicks are kept',
    registers,
  })
  const batchSize = new Histogram({
    name: 'mislata_click_batch_size',
    help: 'Clicks in one commit',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  })
  const commitSeconds = new Histogram({
    name: 'mislata_click_commit_duration_seconds',
    help: 'How long the commit of a batch took',
    buckets: quick,
    registers,
  })
  const runs = new Counter({
    name: 'mislata_job_runs_total',
    help: 'Turns of what goes on by itself',
    labelNames: ['job', 'outcome'] as const,
    registers,
  })
  const runSeconds = new Histogram({
    name: 'mislata_job_duration_seconds',
    help: 'How long a turn took',
    labelNames: ['job'] as const,
    buckets: [...quick, 30, 60],
    registers,
  })
  const lastRun = new Gauge({
    name: 'mislata_job_last_success_timestamp_seconds',
    help: 'When a job last ended well',
    labelNames: ['job'] as const,
    registers,
  })
  const sendings = new Counter({
    name: 'mislata_payout_attempts_total',
    help: 'Calls about payouts, by provider, by what was asked and by what came of it',
    labelNames: ['provider', 'act', 'outcome'] as const,
    registers,
  })
  const waitingClicks = new Gauge({ name: 'mislata_click_queue_length', help: 'Clicks that wait for a commit', registers })
  const waiting = new Gauge({
    name: 'mislata_outbox_waiting',
    help: 'What is to be told to the outside and has not been yet',
    labelNames: ['kind'] as const,
    registers,
  })
  const up = new Gauge({ name: 'mislata_database_up', help: '1 where the database answers', registers })
  const connections = new Gauge({
    name: 'mislata_database_connections',
    help: "PostgreSQL's connections of this process, and who waits for one",
    labelNames: ['state'] as const,
    registers,
  })
  new Gauge({
    name: 'mislata_build_info',
    help: 'Always 1',
    labelNames: ['version', 'node', 'database'] as const,
    registers,
  }).set({ version: info.version, node: process.version, database: desk.database.engine }, 1)

  desk.clicks.watch(({ size, repeated, failed, seconds }) => {
    batchSize.observe(size)
    commitSeconds.observe(seconds)
    if (failed) clicks.inc({ outcome: 'failed' }, size)
    else {
      clicks.inc({ outcome: 'new' }, size - repeated)
      clicks.inc({ outcome: 'repeated' }, repeated)
    }
  })
  let refusedBefore = 0

  async function look() {
    const { queued, refused } = desk.clicks.state()
    waitingClicks.set(queued)
    clicks.inc({ outcome: 'refused' }, refused - refusedBefore)
    refusedBefore = refused
    const { pool } = desk.database
    if (pool) {
      connections.set({ state: 'open' }, pool.totalCount)
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'wanted' }, pool.waitingCount)
    }
    try {
      for (const [kind, count] of Object.entries(await outbox.waiting(desk.database.db))) waiting.set({ kind }, count)
      up.set(1)
    } catch {
      // What is not known is not told: an old number would look like news.
      waiting.reset()
      up.set(0)
    }
  }

  return {
    request({ method, route, status, seconds }: { method: string; route: string; status: number; seconds: number }) {
      requests.inc({ method, route, status: `${Math.floor(status / 100)}xx` })
      requestSeconds.observe({ method, route }, seconds)
    },
    job({ name, outcome, seconds }: { name: string; outcome: 'done' | 'failed'; seconds: number }) {
      runs.inc({ job: name, outcome })
      runSeconds.observe({ job: name }, seconds)
      if (outcome === 'done') lastRun.setToCurrentTime({ job: name })
    },
    sending(attempted: { provider: string; act: string; outcome: string }) {
      sendings.inc(attempted)
    },
    forgotten(clicks: number) {
      forgotten.inc(clicks)
    },
    async text() {
      await look()
      return register.metrics()
    },
  }
}
