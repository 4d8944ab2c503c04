import type { ApplicationStatus, NewApplication } from '../server/contract/applications.ts'
import type { PublicProgram } from '../server/contract/programs.ts'
import { keepToken, tokenFor } from './applications.ts'
import type { Settings } from './element.ts'
import { Failure } from './failure.ts'
import { colour, currency, flag, link, list, nullable, number, optional, type Reader, shape, text, word } from './reading.ts'
import { runsOut } from './token.ts'

/** The server that sent this script is the one to ask, unless the element says otherwise. */
export const connection = { origin: new URL(import.meta.url).origin }

export type ApplyField = PublicProgram['brand']['applyFields'][number]
export type Program = Omit<PublicProgram, 'brand'> & { brand: Omit<PublicProgram['brand'], 'logoUrl'> }

export const program: Reader<Program> = shape<Program>({
  name: text,
  siteUrl: link,
  currency,
  commission: shape<Program['commission']>({
    type: word('percent', 'flat'),
    rate: number,
    flatAmount: nullable(number),
    recurringMonths: nullable(number),
    recurringPayments: nullable(number),
  }),
  holdingPeriodDays: number,
  minPayoutAmount: number,
  cookieDurationDays: number,
  attribution: word('last', 'first'),
  brand: shape<Program['brand']>({
    accent: colour,
    termsUrl: link,
    applyFields: list(
      shape<ApplyField>({
        name: text,
        label: text,
        type: word('text', 'textarea', 'select', 'url'),
        required: flag,
        options: list(text),
      }),
    ),
  }),
})

const state = word('pending', 'approved', 'rejected')

type Application = Omit<ApplicationStatus, 'program'> & { program?: Program }
const application: Reader<Application> = shape<Application>({
  applied: flag,
  status: optional(state),
  rejectionReason: optional(text),
  code: optional(text),
  program: optional(program),
})

type Membership = {
  enrolled: boolean
  status?: 'invited' | 'active' | 'deactivated'
  code?: string
  application?: { status: 'pending' | 'approved' | 'rejected'; rejectionReason?: string }
}
const membership: Reader<Membership> = shape<Membership>({
  enrolled: flag,
  status: optional(word('invited', 'active', 'deactivated')),
  code: optional(text),
  application: optional(shape<NonNullable<Membership['application']>>({ status: state, rejectionReason: optional(text) })),
})

const problem = shape<{ code?: string; errors?: { path: string; message: string }[] }>({
  code: optional(text),
  errors: optional(list(shape<{ path: string; message: string }>({ path: text, message: text }))),
})

export type Api = ReturnType<typeof connect>

/** The routes that the widget calls, until `ending` ends it. Everything else than a good reply throws a Failure. */
export function connect(settings: Settings, ending: AbortSignal) {
  let held = ''
  let asking: Promise<string> | undefined

  async function call(
    path: string,
    headers: Record<string, string>,
    body?: unknown,
    method = body ? 'POST' : 'GET',
  ): Promise<unknown> {
    let reply: Response
    try {
      reply = await fetch(settings.api.peek() + path, {
        method,
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        body: body ? JSON.stringify(body) : null,
        credentials: 'omit',
        signal: AbortSignal.any([ending, AbortSignal.timeout(20_000)]),
      })
    } catch {
      throw new Failure(navigator.onLine ? 'unreachable' : 'offline')
    }
    // A picture is the one answer that is no JSON.
    const isPicture = reply.headers.get('content-type')?.startsWith('image/')
    const answer: unknown = await (isPicture ? reply.text() : reply.json()).catch(() => null)
    if (reply.ok) return answer
    throw refused(reply, answer)
  }

  /** A token that will last the request, or an empty one where nobody is signed in. */
  async function session(renew: boolean): Promise<string> {
    const given = settings.token.peek()
    const ask = settings.getToken.peek()
    if (!renew && held && !runsOut(held)) return held
    if (!renew && given && !(ask && runsOut(given))) return given
    if (!ask) return renew ? '' : given
    // Two requests at once ask the host once.
    asking ??= (async () => {
      try {
        const token = await ask()
        return typeof token === 'string' ? token : ''
      } catch {
        throw new Failure('token_failed')
      } finally {
        asking = undefined
      }
    })()
    held = await asking
    return held
  }

  async function asCustomer(path: string, method?: string, body?: unknown): Promise<unknown> {
    const send = (token: string) => call(path, { authorization: `Bearer ${token}` }, body, method)
    const token = await session(false)
    if (!token) throw new Failure('signed_out')
    try {
      return await send(token)
    } catch (error) {
      if (Failure.from(error).status !== 401) throw error
    }
    // Refused although it looked fresh: revoked, or this machine's clock is wrong. One more token, then no more.
    const renewed = await session(true)
    if (!renewed) throw new Failure('session_ended')
    try {
      return await send(renewed)
    } catch (error) {
      throw Failure.from(error).status === 401 ? new Failure('session_ended') : error
    }
  }

  const key = () => settings.publishableKey.peek()

  return {
    /** Anything that a session may ask, as it comes: what reads it arrives with what asks for it. */
    ask: (method: string, path: string, body?: unknown) => asCustomer(path, method, body),
    async membership(): Promise<Membership> {
      return membership(await asCustomer('/v1/affiliate'))
    },
    dashboard(days: number): Promise<unknown> {
      return asCustomer(`/v1/affiliate/dashboard?days=${days}`)
    },
    async application(): Promise<Application> {
      const path = '/v1/affiliate/apply/status'
      const token = tokenFor(key())
      if (token) {
        try {
          const found = application(await call(path, { 'x-api-key': key(), 'x-application-token': token }))
          if (found.applied) return found
        } catch (error) {
          if (Failure.from(error).status !== 401) throw error
        }
        // The server knows it no more, as after its secret was changed: whoever holds it stands where they began.
        keepToken(key(), '')
      }
      return application(await call(path, { 'x-api-key': key() }))
    },
    /** Applies; the answer is what `remember` keeps, by which this browser may ask how it went. */
    async apply(form: NewApplication): Promise<string> {
      const reply = await call('/v1/affiliate/apply', { 'x-api-key': key() }, form)
      return shape<{ applicationToken: string }>({ applicationToken: text })(reply).applicationToken
    },
    remember(applicationToken: string) {
      keepToken(key(), applicationToken)
    },
  }
}

function refused(reply: Response, answer: unknown) {
  const { status } = reply
  const seconds = Number(reply.headers.get('retry-after')) || 0
  try {
    const { code, errors } = problem(answer)
    return new Failure(code ?? 'unexpected_reply', { status, seconds, fields: errors })
  } catch {
    return new Failure('unexpected_reply', { status, seconds })
  }
}
