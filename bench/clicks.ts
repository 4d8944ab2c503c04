import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import * as postgres from '../test/support/postgres.ts'
import { differences, held } from './ledger.ts'
import { prepare } from './program.ts'
import { report, type Start } from './report.ts'
import { generator, measure, type Target, type Way } from './rounds.ts'
import { memoryOf, type Running, startBare, startServer } from './servers.ts'

const STARTS = 5
const REST_MS = 3_000

const kept: Way = { name: '64 connections, kept', connections: 64, keepAlive: true }
const fresh: Way = { name: '32 at a time, a new connection for each click', connections: 32, keepAlive: false }
const lone: Way = { name: 'one visitor at a time', connections: 1, keepAlive: true }

/** Clicks on both engines beside a bare handler, then the kill, what is found after it, and starts. Answers what is wrong. */
export async function clicks({ rounds, seconds }: { rounds: number; seconds: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-bench-'))
  const cluster = await postgres.start({ durable: true })
  const databases = [
    { name: 'SQLite', url: `sqlite:${join(folder, 'bench.db')}` },
    { name: 'PostgreSQL', url: await postgres.freshDatabase(cluster.url) },
  ]
  const running: Running[] = []
  const load = generator()
  try {
    console.log(`Clicks: ${rounds} rounds of ${seconds} s\n`)
    const bare = await startBare()
    running.push(bare)
    const servers: Running[] = []
    for (const { url } of databases) servers.push(await startServer(url))
    running.push(...servers)
    const targets: Target[] = []
    for (const [i, server] of servers.entries()) targets.push(target(databases[i]?.name ?? '', server, await prepare(server.url)))
    targets.unshift(target('bare handler', bare, targets[0]?.site ?? { key: '', codes: [] }))

    const results = []
    for (const way of [kept, fresh, lone]) {
      console.log(`Measuring: ${way.name} …`)
      results.push({
        way,
        results: await measure(load, targets, way, { rounds, seconds: way === lone ? Math.min(seconds, 2) : seconds }),
      })
    }

    const peaks = servers.map(memoryOf)
    const faults = targets.flatMap(({ name, failures }) =>
      Object.entries(failures).map(([what, times]) => `${name}: ${what}, ${times} times`),
    )
    const starts: Start[] = []
    for (const [i, { name, url }] of databases.entries()) {
      // No time to save anything: what was acknowledged must be there all the same.
      await servers[i]?.stop('SIGKILL')
      console.log(`Starting again on ${name} …`)
      const start: Start = { name, npm: [], node: [], rest: null, peak: peaks[i]?.highest ?? null }
      for (let n = 0; n < STARTS; n++) {
        start.node.push(
          await timed(url, undefined, async server => {
            if (n > 0) return
            await wait(REST_MS)
            start.rest = memoryOf(server)?.now ?? null
          }),
        )
        start.npm.push(await timed(url, ['npm', 'start']))
      }
      starts.push(start)
      const own = targets[i + 1]
      if (own) faults.push(...differences(own, await held(url)).map(difference => `${name}: ${difference}`))
    }

    report({ targets, results, starts, faults })
    return faults
  } finally {
    load.stop()
    for (const each of running) await each.stop('SIGKILL')
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function target(name: string, running: Running, site: Target['site']): Target {
  return { name, running, site, acknowledged: { fresh: 0, repeat: 0, bot: 0, unknown: 0 }, failures: {} }
}

/** The time to ready in milliseconds. */
async function timed(url: string, command?: string[], meanwhile?: (server: Running) => Promise<void>) {
  const server = await startServer(url, command)
  await meanwhile?.(server)
  await server.stop('SIGTERM')
  return server.readyMs
}
