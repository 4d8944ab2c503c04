import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { dedupeKey, visitorOf } from '../rules/visitor.ts'
import { type Counts, count, emptyCounts } from './click-counts.ts'
import type { NewClick } from './clicks.ts'
import { LARGEST_LOG_PAGES, openConnection } from './sqlite.ts'

// The thread that commits clicks on SQLite. It gets a batch, answers with the ids, and does nothing in between.
const connection = openConnection(workerData.file)
connection.exec(`pragma wal_autocheckpoint = ${LARGEST_LOG_PAGES / 2}`)
const prepare = (text: string) => connection.prepare(text)

const statements = {
  begin: prepare('begin immediate'),
  commit: prepare('commit'),
  rollback: prepare('rollback'),
  code: prepare(`
    select codes.code, codes.partner_id as partnerId from codes join partners on partners.id = codes.partner_id
    where codes.program_id = ? and codes.code_fold = ? and codes.retired_at is null and partners.deactivated_at is null`),
  see: prepare('insert into recent_clicks (dedupe, click_id, at) values (?, ?, ?) on conflict do nothing'),
  seen: prepare('select click_id as id from recent_clicks where dedupe = ?'),
  insert: prepare(`
    insert into clicks (id, program_id, partner_id, code, visitor, at, day, url, referrer, campaign, ignored)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`),
  dayKey: prepare('select key from day_keys where day = ?'),
  newDayKey: prepare('insert into day_keys (day, key) values (?, ?)'),
  partnerDay: prepare(`
    insert into partner_day (partner_id, day, clicks, signups, conversions) values (?, ?, ?, 0, 0)
    on conflict (partner_id, day) do update set clicks = clicks + excluded.clicks`),
  programDay: prepare(`
    insert into program_day (program_id, day, clicks, signups, conversions) values (?, ?, ?, 0, 0)
    on conflict (program_id, day) do update set clicks = clicks + excluded.clicks`),
  partnerMonth: prepare(`
    insert into partner_month (program_id, month, partner_id, clicks, signups, conversions) values (?, ?, ?, ?, 0, 0)
    on conflict (program_id, month, partner_id) do update set clicks = clicks + excluded.clicks`),
}

parentPort?.on('message', (clicks: string) => {
  try {
    parentPort?.postMessage({ ids: commit(JSON.parse(clicks) as NewClick[]) })
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})

function commit(clicks: NewClick[]) {
  statements.begin.run()
  try {
    const codes = new Map<string, { code: string; partnerId: string } | null>()
    const counts = emptyCounts()
    const ids = clicks.map(click => keep(click, codes, counts))
    write(counts)
    statements.commit.run()
    return ids
  } catch (error) {
    // The day's key may have been made in the transaction that is now undone.
    dayKeys.clear()
    statements.rollback.run()
    throw error
  }
}

function keep(click: NewClick, codes: Map<string, { code: string; partnerId: string } | null>, counts: Counts) {
  const known = codeOf(click, codes)
  const visitor = visitorOf(dayKey(click.at.slice(0, 10)), click.address, click.userAgent)
  if (!click.bot) {
    // A code that leads nowhere is remembered too, or a repetition would tell it from others; under a key of its own, so
    // that it counts from the moment on in which it leads somewhere.
    const dedupe = dedupeKey(click.programId, click.codeFold, visitor, click.at.slice(0, 13))
    const key = known ? dedupe : `${dedupe}.nowhere`
    if (statements.see.run(key, click.id, click.at).changes === 0) return (statements.seen.get(key) as { id: string }).id
  }
  if (!known) return click.id
  const { changes } = statements.insert.run(
    click.id,
    click.programId,
    known.partnerId,
    known.code,
    visitor,
    click.at,
    click.day,
    click.url,
    click.referrer,
    click.campaign,
    click.bot ? 'bot' : null,
  )
  if (changes === 1 && !click.bot) count(counts, { ...click, partnerId: known.partnerId })
  return click.id
}

function codeOf(click: NewClick, codes: Map<string, { code: string; partnerId: string } | null>) {
  const key = `${click.programId} ${click.codeFold}`
  let known = codes.get(key)
  if (known === undefined) {
    known = (statements.code.get(click.programId, click.codeFold) as { code: string; partnerId: string } | undefined) ?? null
    codes.set(key, known)
  }
  return known
}

function write(counts: Counts) {
  for (const [, { programId, partnerId, day, clicks }] of counts.partnerDays) {
    statements.partnerDay.run(partnerId, day, clicks)
    statements.partnerMonth.run(programId, day.slice(0, 7), partnerId, clicks)
  }
  for (const [, { programId, day, clicks }] of counts.programDays) statements.programDay.run(programId, day, clicks)
}

const dayKeys = new Map<string, string>()

function dayKey(day: string) {
  let key = dayKeys.get(day)
  if (!key) {
    key = (statements.dayKey.get(day) as { key: string } | undefined)?.key
    if (!key) {
      key = randomBytes(32).toString('base64url')
      statements.newDayKey.run(day, key)
    }
    if (dayKeys.size > 8) dayKeys.clear()
    dayKeys.set(day, key)
  }
  return key
}
