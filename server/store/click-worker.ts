import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { foldCode } from '../rules/code.ts'
import { dedupeKey, visitorOf } from '../rules/visitor.ts'
import { type Counts, count, emptyCounts } from './click-counts.ts'
import type { NewClick } from './clicks.ts'
import { giveBackSoon } from './memory.ts'
import { keyOf, SeenClicks } from './seen-clicks.ts'
import { LARGEST_LOG_PAGES, openConnection } from './sqlite.ts'

// The thread that commits clicks on SQLite. It gets a batch, answers which of its clicks repeat others, and does nothing in between.
const connection = openConnection(workerData.file)
connection.exec(`pragma wal_autocheckpoint = ${LARGEST_LOG_PAGES / 2}`)
const prepare = (text: string) => connection.prepare(text)

const statements = {
  begin: prepare('begin immediate'),
  commit: prepare('commit'),
  rollback: prepare('rollback'),
  code: prepare(`
    select codes.code, codes.partner_id as partnerId, codes.customer_id as customerId
    from codes left join partners on partners.id = codes.partner_id
    where codes.program_id = ? and codes.code_fold = ? and codes.retired_at is null and partners.deactivated_at is null`),
  see: prepare('insert into recent_clicks (dedupe, click_id, at) values (?, ?, ?) on conflict do nothing'),
  seen: prepare('select click_id as id from recent_clicks where dedupe = ?'),
  insert: prepare(`
    insert into clicks (id, program_id, partner_id, customer_id, code, visitor, at, day, url, referrer, campaign, ignored)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`),
  idOf: prepare('select id from clicks where rowid = ?'),
  rowOf: prepare('select rowid as row from clicks where id = ?'),
  before: prepare(`
    select rowid as row, program_id as programId, code, visitor, at from clicks
    where rowid < ? and ignored is null order by rowid desc limit ?`),
  last: prepare('select max(rowid) as last from clicks'),
  next: prepare('select at from clicks where rowid >= ? order by rowid limit 1'),
  seenByName: prepare(`
    select recent_clicks.dedupe, clicks.rowid as row from recent_clicks join clicks on clicks.id = recent_clicks.click_id
    limit ?`),
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
  campaignDay: prepare(`
    insert into campaign_day (program_id, day, campaign, clicks) values (?, ?, ?, ?)
    on conflict (program_id, day, campaign) do update set clicks = clicks + excluded.clicks`),
  codeCounts: prepare(`
    insert into code_counts (program_id, code_fold, clicks, signups, conversions) values (?, ?, ?, 0, 0)
    on conflict (program_id, code_fold) do update set clicks = clicks + excluded.clicks`),
  customerClicks: prepare(`
    insert into customer_clicks (customer_id, clicks) values (?, ?)
    on conflict (customer_id) do update set clicks = clicks + excluded.clicks`),
}

const HOUR_MS = 3_600_000
const LATE = 10_000
const BLOCK = 100

const seen = new SeenClicks(workerData.rememberAtMost)
let turnedAt = Date.now()
let isOnDiskUntil = 0
remember()
giveBackSoon()

parentPort?.on('message', (clicks: string) => {
  try {
    parentPort?.postMessage({ repeats: commit(JSON.parse(clicks) as NewClick[]) })
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})

/** What the process before this one had in memory of the hour that is not over: it can all be read from the clicks. */
function remember() {
  const hour = new Date().toISOString().slice(0, 13)
  // What is read once is not worth keeping.
  connection.exec('pragma cache_size = -256')
  seen.expect(clicksSince(hour))
  const folds = new Map<string, string>()
  type Row = { row: number; programId: string; code: string; visitor: string; at: string }
  // Clicks that were told late stand among those of the hour, so that one earlier click is not the end of them.
  for (let from = Number.MAX_SAFE_INTEGER, past = 0; from > 0 && past < LATE && !seen.isFull; ) {
    const rows = statements.before.all(from, BLOCK) as Row[]
    for (const { row, programId, code, visitor, at } of rows) {
      const own = at.slice(0, 13)
      past = own < hour ? past + 1 : 0
      const folded = folds.get(code) ?? foldCode(code)
      folds.set(code, folded)
      seen.add(keyOf(dedupeKey(programId, folded, visitor, own)), row)
    }
    from = rows.at(-1)?.row ?? 0
  }
  const named = statements.seenByName.all(workerData.rememberAtMost) as { dedupe: string; row: number }[]
  for (const { dedupe, row } of named) if (!seen.isFull) seen.add(keyOf(dedupe), row)
  connection.exec(`pragma cache_size = -8000`)
}

/** About how many: rows are written in the order of time, but for those that are told late. */
function clicksSince(hour: string) {
  const { last } = statements.last.get() as { last: number | null }
  let [from, to] = [1, (last ?? 0) + 1]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const { at } = statements.next.get(middle) as { at: string }
    if (at < hour) from = middle + 1
    else to = middle
  }
  return (last ?? 0) + 1 - from
}

type Owner = { code: string; partnerId: string | null; customerId: string | null }
type Batch = { owners: Map<string, Owner | null>; fresh: Map<number, number>; counts: Counts }

function commit(clicks: NewClick[]) {
  if (Date.now() - turnedAt >= HOUR_MS) {
    seen.turn()
    turnedAt = Date.now()
  }
  statements.begin.run()
  try {
    const batch: Batch = { owners: new Map(), fresh: new Map(), counts: emptyCounts() }
    const repeats: Record<number, string> = {}
    for (const [i, click] of clicks.entries()) {
      const id = keep(click, batch)
      if (id !== click.id) repeats[i] = id
    }
    write(batch.counts)
    statements.commit.run()
    for (const [key, row] of batch.fresh) seen.add(key, row)
    return repeats
  } catch (error) {
    // The day's key may have been made in the transaction that is now undone.
    dayKeys.clear()
    statements.rollback.run()
    throw error
  }
}

function keep(click: NewClick, { owners, fresh, counts }: Batch) {
  const owner = ownerOf(click, owners)
  const visitor = visitorOf(dayKey(click.at.slice(0, 10)), click.address, click.userAgent)
  const dedupe = click.bot ? '' : dedupeKey(click.programId, click.codeFold, visitor, click.at.slice(0, 13))
  // A code that leads nowhere is remembered too, or a repetition would tell it from others; under a key of its own, so
  // that it counts from the moment on in which it leads somewhere.
  if (!owner) return click.bot ? click.id : (firstOnDisk(`${dedupe}.nowhere`, click) ?? click.id)
  const key = click.bot ? 0 : keyOf(dedupe)
  if (!click.bot) {
    const row = fresh.get(key) ?? seen.rowOf(key)
    if (row !== undefined) return (statements.idOf.get(row) as { id: string } | undefined)?.id ?? click.id
    if (seen.isFull) isOnDiskUntil = Date.now() + 2 * HOUR_MS
    if (Date.now() < isOnDiskUntil) {
      const first = firstOnDisk(dedupe, click)
      if (first) return first
    }
  }
  const { changes, lastInsertRowid } = statements.insert.run(
    click.id,
    click.programId,
    owner.partnerId,
    owner.customerId,
    owner.code,
    visitor,
    click.at,
    click.day,
    click.url,
    click.referrer,
    click.campaign,
    click.bot ? 'bot' : null,
  )
  if (click.bot) return click.id
  // A click that came with the id of another is remembered as that one; no row of its own tells the next process so.
  const row = changes === 1 ? Number(lastInsertRowid) : (statements.rowOf.get(click.id) as { row: number }).row
  if (changes !== 1) statements.see.run(dedupe, click.id, click.at)
  if (!seen.isFull) fresh.set(key, row)
  if (changes === 1)
    count(counts, { ...owner, programId: click.programId, codeFold: click.codeFold, day: click.day, campaign: click.campaign })
  return click.id
}

/** The id of the click that came first, where another did; this one is then remembered as the first. */
function firstOnDisk(dedupe: string, click: NewClick) {
  if (statements.see.run(dedupe, click.id, click.at).changes === 1) return undefined
  return (statements.seen.get(dedupe) as { id: string }).id
}

function ownerOf(click: NewClick, owners: Batch['owners']) {
  const key = `${click.programId} ${click.codeFold}`
  let known = owners.get(key)
  if (known === undefined) {
    known = (statements.code.get(click.programId, click.codeFold) as Owner | undefined) ?? null
    owners.set(key, known)
  }
  return known
}

function write(counts: Counts) {
  for (const { programId, partnerId, day, clicks } of counts.partnerDays.values()) {
    statements.partnerDay.run(partnerId, day, clicks)
    statements.partnerMonth.run(programId, day.slice(0, 7), partnerId, clicks)
  }
  for (const { programId, day, clicks } of counts.programDays.values()) statements.programDay.run(programId, day, clicks)
  for (const { programId, day, campaign, clicks } of counts.campaignDays.values())
    statements.campaignDay.run(programId, day, campaign, clicks)
  for (const { programId, codeFold, clicks } of counts.codes.values()) statements.codeCounts.run(programId, codeFold, clicks)
  for (const [customerId, clicks] of counts.customers) statements.customerClicks.run(customerId, clicks)
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
