import { Hono } from 'hono'
import * as v from 'valibot'
import { isBot } from '../../bots.ts'
import { Enrolment } from '../../contract/affiliate.ts'
import { ApplicationStatus, Applied, AppliedInBrowser, NewApplication } from '../../contract/applications.ts'
import { Track, Tracked } from '../../contract/referrals.ts'
import { Email } from '../../contract/text.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { apply, tellKnown } from '../../program/applications.ts'
import * as clicks from '../../program/clicks.ts'
import { hashed, randomText } from '../../program/ids.ts'
import { foldEmail } from '../../rules/email.ts'
import * as applications from '../../store/applications.ts'
import * as customers from '../../store/customers.ts'
import * as partners from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'
import type { Db } from '../../store/schema.ts'
import { enrolmentOf, publicProgram } from './affiliate-shown.ts'
import { stateOf } from './applications.ts'

const tag = 'Partner programme'
const received = 'Thank you. We will look at your application and answer by mail.'
const StatusQuery = v.object({ email: v.optional(Email) })

/** System B, but for what partners do once they are signed in. */
export function affiliate(server: Server) {
  return new Hono()
    .post(
      '/v1/affiliate/apply',
      ...door(
        server,
        {
          summary: 'Apply to become a partner',
          tag,
          who: ['secret', 'publishable'],
          body: NewApplication,
          replies: { 201: Applied, 202: AppliedInBrowser },
        },
        async ({ c, desk, program, caller, body }) => {
          if (caller.kind === 'secret') {
            const application = await apply(desk, program, body, null)
            if (!application) throw new Problem('already_applied')
            return c.json({ id: application.id, status: 'pending', message: received }, 201)
          }
          // A page must not learn whether an address is known: it gets the same answer and a token that tells it no more.
          const applicationToken = server.tokens.newApplicationToken()
          const application = await apply(desk, program, body, hashed(applicationToken))
          if (!application) await tellKnown(desk, program, body.email)
          return c.json({ status: 'pending', message: received, applicationToken }, 202)
        },
      ),
    )
    .get(
      '/v1/affiliate/apply/status',
      ...door(
        server,
        {
          summary: 'Ask how an application stands',
          tag,
          who: ['secret', 'publishable'],
          query: StatusQuery,
          headers: { 'x-application-token': 'What a page got when it sent the application. A publishable key needs it.' },
          replies: { 200: ApplicationStatus },
        },
        async ({ c, desk, program, caller, query }) => {
          const { db } = desk.database
          if (caller.kind === 'publishable') {
            const token = c.req.header('x-application-token')
            return c.json({
              ...(token ? await statusByToken(db, server, program, token) : { applied: false }),
              program: publicProgram(program),
            })
          }
          if (!query.email) throw Problem.at('email', 'Name the address.')
          return c.json(await statusOf(db, await applications.byEmail(db, program.id, foldEmail(query.email))))
        },
      ),
    )
    .get(
      '/v1/affiliate/by-customer/:id',
      ...door(
        server,
        { summary: 'Ask whether a customer is a partner', tag, who: ['secret'], replies: { 200: Enrolment } },
        async ({ c, desk, program }) => {
          const customer = await customers.byAnyId(desk.database.db, program.id, idFrom(c, 'id'))
          const partner = customer && (await partners.byCustomer(desk.database.db, program.id, customer.id))
          return c.json(partner ? { enrolled: true, ...(await enrolmentOf(desk, program, partner)) } : { enrolled: false })
        },
      ),
    )
    .post(
      '/v1/affiliate/track',
      ...door(
        server,
        { summary: 'Tell of a click', tag, who: ['publishable', 'secret'], body: Track, replies: { 202: Tracked } },
        async ({ c, desk, program, caller, body }) => {
          const userAgent = c.req.header('user-agent') ?? ''
          // A backend speaks for a visitor whom it does not describe: each time it says "a click", there was one.
          const visitor =
            caller.kind === 'secret'
              ? { address: randomText(16), userAgent: '', bot: false }
              : { address: server.address(c), userAgent, bot: isBot(userAgent) }
          const { clickId } = await clicks.record(desk, program, { ...body, ...visitor })
          return c.json({ clickId }, 202)
        },
      ),
    )
}

async function statusOf(db: Db, application: applications.Application | undefined) {
  if (!application) return { applied: false }
  const { rejectionReason } = application
  const partner = application.partnerId ? await partners.byId(db, application.programId, application.partnerId) : undefined
  return {
    applied: true,
    status: stateOf(application),
    ...(rejectionReason && { rejectionReason }),
    ...(partner && { code: partner.slug }),
  }
}

/** A token of ours without an application was given for an address that was known: it stays pending for ever. */
async function statusByToken(db: Db, server: Server, program: Program, token: string) {
  if (!server.tokens.isApplicationToken(token)) throw new Problem('bad_credential')
  const application = await applications.byToken(db, program.id, hashed(token))
  return application ? statusOf(db, application) : { applied: true, status: 'pending' as const }
}
