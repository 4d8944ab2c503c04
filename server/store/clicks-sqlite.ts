import { getCompileCacheDir } from 'node:module'
import { dirname, extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CommitClicks, NewClick } from './clicks.ts'
import type { Database } from './database.ts'

/** The ids of those clicks that repeat another, by their places in the batch. */
type Answer = { repeats: Record<number, string> } | { error: string }

/**
 * Commits in a worker thread. On the main thread every commit would hold up the reading of new requests for as long
 * as the disk takes; here replies leave in bursts while the next batch gathers.
 */
export function sqliteCommit(database: Database, rememberAtMost: number): CommitClicks {
  const worker = new Worker(new URL(`./click-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: { file: database.file, rememberAtMost },
    env: { ...process.env, ...compileCache() },
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  })
  let settle: ((answer: Answer) => void) | null = null
  let broken: Error | null = null
  worker.on('message', (answer: Answer) => settle?.(answer))
  worker.on('error', error => {
    broken = error instanceof Error ? error : new Error(String(error))
    settle?.({ error: broken.message })
  })

  function ask(clicks: NewClick[]) {
    return new Promise<Answer>(resolve => {
      settle = resolve
      if (broken) resolve({ error: broken.message })
      // As text: cloning the objects costs several times what writing and reading JSON does.
      else worker.postMessage(JSON.stringify(clicks))
    })
  }

  return {
    commit: clicks =>
      database.gate.through(async () => {
        const answer = await ask(clicks)
        if ('error' in answer) throw new Error(answer.error)
        return clicks.map(({ id }, i) => answer.repeats[i] ?? id)
      }),
    async close() {
      await worker.terminate()
    },
  }
}

// A thread does not share the cache of compiled modules by itself; without it, a compiler is loaded for its few files.
function compileCache() {
  const folder = getCompileCacheDir()
  // The folder's last part is made from Node's version, and is added again.
  return folder && { NODE_COMPILE_CACHE: dirname(folder) }
}
