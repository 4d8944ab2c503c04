import type { Compilable, CompiledQuery, RawBuilder } from 'kysely'
import { toBeNamed } from './prepared.ts'
import type { Db } from './schema.ts'

type Values = Record<string, string | number | null>

/** The place of a value that is not known yet. */
class Later {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

const later = new Proxy({}, { get: (_, name) => new Later(String(name)) })

/**
 * A query that is built once for each database, and from then on only given its values: to build one takes several times as
 * long as SQLite takes to answer it. `build` gets places instead of values, and must not look at them; each becomes one
 * parameter, so that a list cannot be one.
 */
export function compiled<V extends Values, R>(build: (db: Db, values: V) => Compilable<R> | RawBuilder<R>) {
  const known = new WeakMap<object, CompiledQuery<R>>()
  return async (db: Db, values: V): Promise<R[]> => {
    const dialect = db.getExecutor().adapter
    let query = known.get(dialect)
    if (!query) {
      query = build(db, later as V).compile(db) as CompiledQuery<R>
      known.set(dialect, query)
      toBeNamed(query.sql)
    }
    const parameters = query.parameters.map(each => (each instanceof Later ? values[each.name] : each))
    return (await db.executeQuery<R>({ ...query, parameters })).rows
  }
}
