import type { GenericSchema, InferInput, InferOutput } from 'valibot'

/** What a call takes, and what it gives, as the server's own schemas have it. */
export type In<S extends GenericSchema> = InferInput<S>
export type Out<S extends GenericSchema> = InferOutput<S>

/** A list with pages that are numbered from 1; `per_page` is 100 at most. */
export type Paged<T> = { data: T[]; total: number; page: number; per_page: number }
export type PageQuery = { page?: number; per_page?: number }

/** A list that is read onwards: `nextCursor` of one reply is `cursor` of the next call; null at the end. */
export type Listed<T> = { data: T[]; nextCursor: string | null }
export type CursorQuery = { limit?: number; cursor?: string }

/**
 * Everything of such a list, one by one, asking for the next part when it is needed:
 * `for await (const each of all(cursor => mislata.commissions.list({ cursor }))) …`
 */
export async function* all<T>(part: (cursor: string | undefined) => Promise<Listed<T>>): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined
  do {
    const { data, nextCursor } = await part(cursor)
    yield* data
    cursor = nextCursor ?? undefined
  } while (cursor)
}
