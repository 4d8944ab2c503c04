import { join } from 'node:path'
import { saying } from './books.ts'
import { type Chance, chance } from './chance.ts'
import { client } from './client.ts'
import { noFacts } from './facts.ts'
import { installation } from './installation.ts'
import { go, type Lane, wanting } from './lane.ts'
import { outside } from './outside.ts'
import { anyPoint, inMigration, type Point } from './points.ts'
import { reconcile } from './reconcile.ts'
import { setting, signedIn } from './setting.ts'

const LANES = 5
const SESSION_MS = 4 * 3_600_000
const ACTS = 10

export type Outcome = { cycles: number; facts: Record<string, number>; points: Map<string, number>; findings: string[] }
type Wanted = { main: string; database: string; folder: string; seed: number; cycles: number; servers: 1 | 2 }

/**
 * So many cycles on one database: a mixed load, a server killed in it, started again, and everything held against
 * everything. The first start is killed while it makes the tables. The same seed does the same things in the same order,
 * as far as chance and not the machine decides. Stops at the first cycle that finds something.
 */
export async function run({ main, database, folder, seed, cycles, servers }: Wanted): Promise<Outcome> {
  const names = ['a', 'b'].slice(0, servers)
  const home = join(folder, `crash-${seed}`)
  const world = await outside(chance(seed, 1), () => installed.now())
  const installed = installation({ main, database, folder: home, servers: names, providersUrl: world.providersUrl })
  const points = new Map<string, number>()
  const findings: string[] = []
  const say = saying(findings)
  const facts = noFacts()
  const count = (point: string) => points.set(point, (points.get(point) ?? 0) + 1)
  const send = client(installed, chance(seed, 2))
  let done = 0
  try {
    await firstStart(installed, chance(seed, 3), count)
    const set = await setting({ send, outside: world, lanes: LANES })
    let signedInAt = installed.now()
    const lanes = set.bringers.map((bringer, number): Lane => {
      const own = chance(seed, 4, number)
      let made = 0
      return {
        ...{ number, bringer, facts, outside: world, setting: set, chance: own, now: installed.now },
        ...{ customers: [], sales: [], payouts: [] },
        fresh: what => `${what}-${number}-${++made}`,
        want: wanting(send, { chance: own, facts, now: installed.now, found: say }),
      }
    })
    while (done < cycles && !findings.length) {
      const own = chance(seed, 5, done)
      if (installed.now().getTime() - signedInAt.getTime() > SESSION_MS) {
        set.asAdmin = await signedIn(send)
        signedInAt = installed.now()
      }
      const victim = names[done % names.length] as string
      await struck(installed, victim, own, by => Promise.all(lanes.map(lane => go(lane, ACTS, by))), count)
      await reconcile(say, { installation: installed, send, setting: set, outside: world, facts, chance: own })
      done++
    }
  } catch (error) {
    findings.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await installed.stop()
    await world.stop()
  }
  const counts = Object.entries(facts).map(([name, all]): [string, number] => [name, all.length])
  return { cycles: done, facts: Object.fromEntries(counts), points, findings }
}

type Installed = ReturnType<typeof installation>
type Count = (point: string) => void

/** Killed while it makes the tables, and started again. */
async function firstStart(installed: Installed, own: Chance, count: Count) {
  const [first = ''] = installed.servers
  const point = inMigration(own)
  installed.arm(first, point)
  const isUp = await installed.start(first)
  if (!isUp) count(point.name)
  installed.arm(first, null)
  if (isUp) await installed.kill(first)
  for (const name of installed.servers) await installed.start(name)
}

/** Does `work` while one server is killed, at a point or at any moment, and started again at once. */
async function struck(installed: Installed, victim: string, own: Chance, work: (by?: string) => Promise<unknown>, count: Count) {
  const point: Point | undefined = own.is(0.75) ? anyPoint(own) : undefined
  const afterMs = own.from(1, 400)
  const death = installed.ended(victim)
  if (point) installed.arm(victim, point)
  const timer = point ? undefined : setTimeout(() => void installed.kill(victim), afterMs)
  let hasDied = false
  const started = death.then(async () => {
    hasDied = true
    count(installed.hasDied() ? (point?.name ?? '') : point ? 'when all was done' : 'at a moment')
    installed.arm(victim, null)
    installed.pass()
    if (!(await installed.start(victim))) throw new Error('A server died as it started')
  })
  const worked = work(point?.by).finally(() => {
    clearTimeout(timer)
    // One that was started again meanwhile has been killed.
    return hasDied ? undefined : installed.kill(victim)
  })
  await Promise.all([worked, started])
}
