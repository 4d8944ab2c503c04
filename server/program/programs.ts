import * as v from 'valibot'
import { exponent } from '../contract/money.ts'
import { Settings } from '../contract/programs.ts'
import { Problem } from '../problem.ts'
import { guardedSettings } from '../rules/roles.ts'
import { inTransaction } from '../store/database.ts'
import * as deliveries from '../store/deliveries.ts'
import * as meta from '../store/meta.ts'
import * as periods from '../store/periods.ts'
import type { Program } from '../store/programs.ts'
import * as programs from '../store/programs.ts'
import * as rewards from '../store/rewards.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId } from './ids.ts'
import { closeEnded } from './periods.ts'

// Longer than an attempt to tell anybody of anything takes.
const LEASE_MS = 60_000

/** A new program with its settings; it may be used from browsers on its own site at once. */
export async function create(desk: Desk, settings: Settings): Promise<Program> {
  const program = await inTransactionOnce(desk, async db => {
    const program = made(desk, settings)
    await programs.insert(db, program)
    await record(desk, db, program, { action: 'program.created', object: program.id, after: settings })
    return program
  })
  desk.directory.forget()
  return program
}

/** The first start makes one live program, so that there is something to hand keys out for; one, however many servers start. */
export async function ensureFirst(desk: Desk, siteUrl: string) {
  if (await meta.value(desk.database.db, 'first_program')) return
  const program = made(desk, v.parse(Settings, { name: 'My partner programme', siteUrl, currency: 'EUR' }))
  await inTransaction(desk.database, async db => {
    const first = await meta.setOnce(db, 'first_program', program.id)
    if (first === program.id) await programs.insert(db, program)
  })
  desk.directory.forget()
}

function made(desk: Desk, settings: Settings): Program {
  const origins = settings.allowedOrigins.length ? settings.allowedOrigins : [new URL(settings.siteUrl).origin]
  const createdAt = desk.clock()
  return {
    id: newId('prog', createdAt),
    settings: checked({ ...settings, allowedOrigins: origins }),
    clockOffsetMs: 0,
    createdAt: createdAt.toISOString(),
  }
}

/**
 * Changes what `change` names and leaves the rest; within a group such as `commission` likewise. Referrals keep the
 * terms they were made under. 422 where the settings would not hold together; 403 where some that are guarded would be others,
 * and whoever asks may not change those.
 */
export async function change(
  desk: Desk,
  id: string,
  change: Record<string, unknown>,
  { mayChangeGuarded = true } = {},
): Promise<Program> {
  const { id: _id, createdAt: _createdAt, ...wanted } = change
  const changed = await inTransaction(desk.database, async db => {
    const program = await programs.hold(db, id)
    if (!program) throw new Problem('program_not_found')
    const settings = changedBy(program.settings, wanted)
    if (!mayChangeGuarded && guardedSettings(settings) !== guardedSettings(program.settings)) throw new Problem('role_may_not')
    if (settings.mode !== program.settings.mode && program.clockOffsetMs !== 0) throw new Problem('test_clock_is_set')
    await programs.setSettings(db, id, settings)
    await record(desk, db, program, { action: 'program.updated', object: id, before: program.settings, after: settings })
    return { ...program, settings }
  })
  desk.directory.forget()
  return changed
}

/** The settings with what `change` names put in their place; 422 where they would not hold together. */
export function changedBy(settings: Settings, change: Record<string, unknown>): Settings {
  const result = v.safeParse(Settings, merged(settings, change))
  if (!result.success) throw Problem.invalid(result.issues)
  return checked(result.output)
}

/**
 * Moves a test program's time. It only goes forward, except that a program in which nothing has happened yet may be
 * started at any time. What falls due by it happens: months that have ended are closed when it returns the time that it is
 * there now, and grants and webhooks that would have been tried again by then are tried at once.
 */
export async function setClock(desk: Desk, program: Program, to: string) {
  if (program.settings.mode !== 'test') throw new Problem('not_a_test_program')
  const wanted = new Date(to)
  const moved = await inTransactionOnce(desk, async db => {
    const current = (await programs.hold(db, program.id)) ?? program
    if (wanted < nowIn(desk, current)) {
      if (await programs.hasFacts(db, program.id)) throw new Problem('clock_only_advances')
      // Months that were over are to come again.
      await periods.forget(db, program.id)
    }
    const now = desk.clock()
    const clockOffsetMs = wanted.getTime() - now.getTime()
    await programs.setClock(db, program.id, clockOffsetMs)
    // What waits for its next attempt waits by the clock outside: it comes nearer by as much as the program's has moved.
    const upTo = new Date(now.getTime() + wanted.getTime() - nowIn(desk, current).getTime())
    await rewards.bringForward(db, program.id, { now: now.toISOString(), upTo: upTo.toISOString() })
    await deliveries.bringForward(db, program.id, { now, upTo, leaseMs: LEASE_MS })
    await record(desk, db, program, {
      action: 'program.clock_moved',
      object: program.id,
      before: { now: nowIn(desk, current).toISOString() },
      after: { now: wanted.toISOString() },
    })
    return { ...current, clockOffsetMs }
  })
  desk.directory.forget()
  await closeEnded(desk, moved)
  return wanted
}

/** Decimals that the currency does not have cannot be paid. */
function checked(settings: Settings) {
  const places = 10 ** exponent(settings.currency)
  const minor = settings.minPayoutAmount * places
  if (Math.abs(minor - Math.round(minor)) > 1e-6) {
    throw Problem.at('minPayoutAmount', `${settings.currency} has ${exponent(settings.currency)} decimals.`)
  }
  return settings
}

function merged(current: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const next: Record<string, unknown> = { ...current }
  for (const [name, value] of Object.entries(change)) {
    const before = current[name]
    next[name] = isGroup(before) && isGroup(value) ? { ...before, ...value } : value
  }
  return next
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
