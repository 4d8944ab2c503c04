import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac } from 'node:crypto'
import type { ActorKind, AuditAction } from '../contract/audit.ts'
import { changes, type Fields } from '../rules/changes.ts'
import * as audit from '../store/audit.ts'
import * as keys from '../store/keys.ts'
import type { Db } from '../store/schema.ts'
import type { Desk } from './desk.ts'
import { newId } from './ids.ts'

export type Actor = { kind: ActorKind; id: string | null; label: string | null }

// Who acts is the same for all that one request does, however deep; handed down as an argument it would stand in every
// signature on the way.
const acting = new AsyncLocalStorage<{ actor: Actor; requestId: string | null }>()
const system: Actor = { kind: 'system', id: null, label: null }

/** Runs `work` in somebody's name: what it records, however late, is recorded as theirs. */
export function inNameOf<T>(actor: Actor, requestId: string | null, work: () => T): T {
  return acting.run({ actor, requestId }, work)
}

type Act = { action: AuditAction; object: string; before?: Fields | null; after?: Fields | null }

/**
 * Writes down an act in the transaction that does it. Of `before` and `after` the fields that differ are kept, without
 * secrets and with marks for what is personal; where none differ there is nothing to write down. Outside a request it is
 * the system that acts.
 */
export function record(desk: Desk, db: Db, program: { id: string }, act: Act) {
  return write(desk, db, program.id, act)
}

/** The same for what is done to no program, but to the installation: who may sign in, and as what. */
export function recordOfInstallation(desk: Desk, db: Db, act: Act) {
  return write(desk, db, null, act)
}

async function write(desk: Desk, db: Db, programId: string | null, act: Act) {
  const requestId = acting.getStore()?.requestId ?? null
  const { before, after } = changes(act.before ?? null, act.after ?? null, text => markOf(desk, text))
  if (before && after && !Object.keys(after).length && !Object.keys(before).length) return
  const actor = await actorOf(db)
  // The time outside: a program whose clock is moved was still worked on today.
  const now = desk.clock()
  await audit.insert(db, {
    id: newId('aud', now),
    programId,
    createdAt: now.toISOString(),
    actorKind: actor.kind,
    actorId: actor.id,
    actorLabel: actor.label,
    action: act.action,
    object: act.object,
    before: before && JSON.stringify(before),
    after: after && JSON.stringify(after),
    requestId,
  })
}

/** What stands in place of something personal: it tells that a value is another, or the same, and not which. */
export function markOf({ secret }: Desk, text: string) {
  return `personal:${createHmac('sha256', secret).update(`audit\n${text}`).digest('hex').slice(0, 12)}`
}

/** Who acts: the system, where it is not within a request. */
export async function actorOf(db: Db): Promise<Actor> {
  const { actor } = acting.getStore() ?? { actor: system }
  return { ...actor, label: actor.label ?? (await keyLabel(db, actor)) }
}

async function keyLabel(db: Db, { kind, id }: Actor) {
  if (kind !== 'secret' && kind !== 'publishable') return null
  const key = id ? await keys.byId(db, id) : undefined
  return key ? `${key.name} …${key.hint}` : null
}
