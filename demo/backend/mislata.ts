import type { Books, Customer, Report } from './books.ts'

export type Mislata = ReturnType<typeof connectMislata>

/** All that a site ever says to Mislata from its backend: three documented calls. */
export function connectMislata({ name, api, secretKey, books }: { name: string; api: string; secretKey: string; books: Books }) {
  let turn = Promise.resolve()

  const post = (path: string, body: unknown) =>
    fetch(api + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': secretKey },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(3000),
    })

  // In order, because a sale counts for a partner only once the sign-up before it is known. Repeating is
  // safe: a customer is attributed once, and a conversion is known by its externalId.
  async function sendAll() {
    for (let report = books.nextReport(); report; report = books.nextReport()) {
      const answer = await post(report.path, report.body).catch((error: Error) => error)
      if (answer instanceof Error) return waits(report, answer.message)
      if (answer.ok) books.reported(report)
      else if (willStayRefused(answer.status)) books.refused(report, await answer.text())
      else return waits(report, `status ${answer.status}`)
    }
  }

  function waits(report: Report, why: string) {
    console.warn(`${name}: ${report.path} could not be reported (${why}). It is kept and sent again.`)
  }

  return {
    /** Tells Mislata everything that it does not yet know. Never fails: what is not taken now is sent again later. */
    report: () => (turn = turn.then(sendAll)),

    /** Resolves when nothing is on its way. */
    quiet: () => turn,

    /** A session for the widget, for one of the site's customers; undefined when Mislata cannot be asked or will not. */
    async sessionToken({ id, email, name }: Customer) {
      const answer = await post('/v1/sessions', { customerId: id, email, name }).catch(() => undefined)
      if (!answer?.ok) return
      const { token } = (await answer.json()) as { token: string }
      return token
    },
  }
}

// A wrong key (401, 403), too many requests (429) and trouble over there (5xx) are put right without us.
function willStayRefused(status: number) {
  return [400, 404, 409, 413, 415, 422].includes(status)
}
