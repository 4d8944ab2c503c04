import { randomBytes } from 'node:crypto'
import { dedupeKey, visitorOf } from '../rules/visitor.ts'
import type { CommitClicks, NewClick } from './clicks.ts'
import type { Database } from './database.ts'
import { toBeNamed } from './prepared.ts'

// The whole batch in one statement, and so in one round trip and one commit. Counts are written in the order of their
// keys, and table by table as counts.ts does, so that nobody waits for anybody crosswise. PostgreSQL itself promises no
// order among the parts of a statement: each asks for what the one before it has written.
const insertBatch = `
with incoming as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
    with ordinality as t (id, program_id, code_fold, at, day, visitor, dedupe, url, referrer, campaign, ignored, n)
), matched as (
  select i.id, i.program_id, i.code_fold, i.at, i.day, i.visitor, i.url, i.referrer, i.campaign, i.ignored, i.n, c.code, c.partner_id, c.customer_id,
    i.dedupe || case when c.code is null then '.nowhere' else '' end as dedupe
  from incoming i
  left join codes c on c.program_id = i.program_id and c.code_fold = i.code_fold and c.retired_at is null
    and not exists (select 1 from partners p where p.id = c.partner_id and p.deactivated_at is not null)
), seen as (
  insert into recent_clicks (dedupe, click_id, at)
  select dedupe, id, at from matched where ignored is null order by dedupe on conflict do nothing returning dedupe
), fresh as (
  insert into clicks (id, program_id, partner_id, customer_id, code, visitor, at, day, url, referrer, campaign, ignored)
  select id, program_id, partner_id, customer_id, code, visitor, at, day, url, referrer, campaign, ignored
  from matched
  where code is not null and (ignored is not null or dedupe in (select dedupe from seen)) order by id, n
  on conflict do nothing returning program_id, partner_id, customer_id, code, day, campaign, ignored
), counted as (
  select program_id, partner_id, customer_id, code, day, campaign, count(*) as clicks from fresh where ignored is null
  group by 1, 2, 3, 4, 5, 6
), partner_days as (
  insert into partner_day as d (partner_id, day, clicks, signups, conversions)
  select partner_id, day, sum(clicks), 0, 0 from counted where partner_id is not null group by 1, 2 order by 1, 2
  on conflict (partner_id, day) do update set clicks = d.clicks + excluded.clicks returning 1
), program_days as (
  insert into program_day as d (program_id, day, clicks, signups, conversions)
  select program_id, day, sum(clicks), 0, 0 from counted
  where (select count(*) from partner_days) >= 0 group by 1, 2 order by 1, 2
  on conflict (program_id, day) do update set clicks = d.clicks + excluded.clicks returning 1
), partner_months as (
  insert into partner_month as m (program_id, month, partner_id, clicks, signups, conversions)
  select program_id, substr(day, 1, 7), partner_id, sum(clicks), 0, 0 from counted
  where partner_id is not null and (select count(*) from program_days) >= 0 group by 1, 2, 3 order by 1, 2, 3
  on conflict (program_id, month, partner_id) do update set clicks = m.clicks + excluded.clicks returning 1
), campaign_days as (
  insert into campaign_day as d (program_id, day, campaign, clicks)
  select program_id, day, campaign, sum(clicks) from counted
  where campaign is not null and (select count(*) from partner_months) >= 0 group by 1, 2, 3 order by 1, 2, 3
  on conflict (program_id, day, campaign) do update set clicks = d.clicks + excluded.clicks returning 1
), codes_counted as (
  insert into code_counts as c (program_id, code_fold, clicks, signups, conversions)
  select f.program_id, m.code_fold, sum(clicks), 0, 0
  from counted f join (select distinct program_id, code, code_fold from matched) m on m.program_id = f.program_id and m.code = f.code
  where f.partner_id is not null and (select count(*) from campaign_days) >= 0 group by 1, 2 order by 1, 2
  on conflict (program_id, code_fold) do update set clicks = c.clicks + excluded.clicks returning 1
), customers as (
  insert into customer_clicks as c (customer_id, clicks)
  select customer_id, sum(clicks) from counted
  where customer_id is not null and (select count(*) from codes_counted) >= 0 group by 1 order by 1
  on conflict (customer_id) do update set clicks = c.clicks + excluded.clicks
)
select m.n, m.dedupe, r.click_id from matched m left join recent_clicks r on r.dedupe = m.dedupe
where m.ignored is null and (r.click_id is not null or m.dedupe not in (select dedupe from seen))`

const firstOf = `select dedupe, click_id from recent_clicks where dedupe = any($1::text[])`

toBeNamed(insertBatch)

const AGAIN = ['40001', '40P01']

/** Commits with one query in flight; the server's own thread never waits for a disk here. */
export function postgresCommit({ pool }: Database): CommitClicks {
  const dayKeys = new Map<string, string>()

  async function dayKey(day: string) {
    const known = dayKeys.get(day)
    if (known) return known
    // Several servers share the key: whoever comes first makes it, all read it back.
    await pool?.query('insert into day_keys (day, key) values ($1, $2) on conflict do nothing', [
      day,
      randomBytes(32).toString('base64url'),
    ])
    const found = await pool?.query('select key from day_keys where day = $1', [day])
    const key: string = found?.rows[0]?.key
    if (dayKeys.size > 8) dayKeys.clear()
    dayKeys.set(day, key)
    return key
  }

  async function commit(clicks: NewClick[]) {
    const rows: { click: NewClick; visitor: string; dedupe: string }[] = []
    const rowOf: number[] = []
    const firsts = new Map<string, number>()
    for (const click of clicks) {
      const visitor = visitorOf(await dayKey(click.at.slice(0, 10)), click.address, click.userAgent)
      const dedupe = dedupeKey(click.programId, click.codeFold, visitor, click.at.slice(0, 13))
      const row = (click.bot ? undefined : firsts.get(dedupe)) ?? rows.push({ click, visitor, dedupe }) - 1
      if (!click.bot) firsts.set(dedupe, row)
      rowOf.push(row)
    }
    const column = (value: (row: (typeof rows)[number]) => string | null) => rows.map(value)
    const answer = await pool?.query(insertBatch, [
      column(({ click }) => click.id),
      column(({ click }) => click.programId),
      column(({ click }) => click.codeFold),
      column(({ click }) => click.at),
      column(({ click }) => click.day),
      column(({ visitor }) => visitor),
      column(({ dedupe }) => dedupe),
      column(({ click }) => click.url),
      column(({ click }) => click.referrer),
      column(({ click }) => click.campaign),
      column(({ click }) => (click.bot ? 'bot' : null)),
    ])
    const ids = rows.map(({ click }) => click.id)
    // What this statement stored it does not see itself, so every row that comes back was there before, or came while it ran
    // from another server: that one it does not see either.
    const found: { n: number; dedupe: string; click_id: string | null }[] = answer?.rows ?? []
    const unseen = found.filter(each => each.click_id === null).map(each => each.dedupe)
    const others = new Map<string, string>()
    if (unseen.length)
      for (const { dedupe, click_id } of (await pool?.query(firstOf, [unseen]))?.rows ?? []) others.set(dedupe, click_id)
    for (const { n, dedupe, click_id } of found) ids[n - 1] = click_id ?? others.get(dedupe) ?? (ids[n - 1] as string)
    return rowOf.map(row => ids[row] as string)
  }

  return {
    async commit(clicks) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await commit(clicks)
        } catch (error) {
          const { code } = error as { code?: string }
          if (attempt === 5 || !AGAIN.includes(code ?? '')) throw error
        }
      }
    },
    async close() {},
  }
}
