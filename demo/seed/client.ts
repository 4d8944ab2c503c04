/** Calls with one credential. What is not a success is an error that says what was asked and what came back. */
export function client(api: string, credential: Record<string, string>) {
  const send =
    (method: string) =>
    async <T>(path: string, body?: unknown): Promise<T> => {
      const answer = await fetch(api + path, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...credential },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
      return JSON.parse(text) as T
    }
  return { get: send('GET'), post: send('POST'), put: send('PUT'), patch: send('PATCH'), delete: send('DELETE') }
}

export type Client = ReturnType<typeof client>

const AT_ONCE = 16

/** Does `act` for all, a few at a time. */
export async function forAll<T>(items: T[], act: (item: T) => Promise<unknown>) {
  for (let from = 0; from < items.length; from += AT_ONCE) await Promise.all(items.slice(from, from + AT_ONCE).map(act))
}
