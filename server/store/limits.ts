import { sql } from 'kysely'
import type { Db } from './schema.ts'

/** Forgets what has been counted in spans that are over. */
export function forget(db: Db, now: Date) {
  return db.deleteFrom('limitUses').where('expire', '<', now.getTime()).execute()
}

/** Adds to what all servers have counted under some keys, none of them twice, and tells what each comes to. PostgreSQL only. */
export async function add(db: Db, uses: { key: string; points: number; expire: number }[]) {
  const column = <K extends keyof (typeof uses)[number]>(name: K) => uses.map(each => each[name])
  // In the order of their keys, so that no two servers wait for each other crosswise.
  const { rows } = await sql<{ key: string; points: number }>`
    insert into limit_uses as u (key, points, expire)
    select * from unnest(${column('key')}::text[], ${column('points')}::bigint[], ${column('expire')}::bigint[])
      as t (key, points, expire) order by key
    on conflict (key) do update set points = u.points + excluded.points
    returning key, points`.execute(db)
  return new Map(rows.map(({ key, points }) => [key, Number(points)]))
}
