/** What the server, or the way to it, refused: a stable code, and the server's own words. */
export class Failure extends Error {
  readonly code: string
  readonly status: number
  /** What to do next, where the server says so. */
  readonly detail: string
  /** How long to wait, where the server says so. */
  readonly seconds: number
  /** What is wrong with which field. */
  readonly fields: { path: string; message: string }[]
  /** By which an operator finds the request in the server's log. */
  readonly requestId: string

  constructor(
    code: string,
    more: Partial<Pick<Failure, 'status' | 'detail' | 'seconds' | 'fields' | 'requestId'> & { title: string }> = {},
  ) {
    super(more.title ?? code)
    this.code = code
    this.status = more.status ?? 0
    this.detail = more.detail ?? ''
    this.seconds = more.seconds ?? 0
    this.fields = more.fields ?? []
    this.requestId = more.requestId ?? ''
  }

  static from(error: unknown) {
    if (error instanceof Failure) return error
    console.error(error)
    return new Failure('console_fault')
  }
}

type Words = { title: string; text: string }

// Where an operator at a screen is better told something else than a programmer at an API.
const words: Record<string, Words> = {
  offline: { title: 'You are offline', text: 'Nothing was lost. Try again when the connection is back.' },
  unreachable: { title: 'The server cannot be reached', text: 'Check the connection, then try again.' },
  console_fault: { title: 'This page has made a mistake', text: 'Reload it. If it happens again, tell whoever runs the server.' },
  unexpected_reply: { title: 'The answer could not be read', text: 'Something between here and the server has changed it.' },
  wrong_credential: { title: 'Your role may not do that', text: 'Ask an owner to do it, or to change your role.' },
  already_reviewed: { title: 'Somebody else has decided this', text: 'The list is being read again.' },
  partner_exists: { title: 'This address belongs to a partner', text: 'Reject the application, or change that partner instead.' },
  idempotency_in_flight: { title: 'This is being done already', text: 'Wait a moment, then look again.' },
}

/** A failure in words for people: what is wrong, and what to do. */
export function told(failure: Failure): Words {
  const own = words[failure.code]
  if (own) return own
  const wait = failure.seconds ? `Wait ${lasting(failure.seconds)}, then try again.` : ''
  if (failure.status === 500)
    return { title: failure.message, text: `It has been logged. Tell whoever runs the server: request ${failure.requestId}.` }
  return { title: failure.message, text: wait || failure.detail }
}

const lasting = (seconds: number) => (seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`)
