import { Hono } from 'hono'
import {
  CodeQuery,
  type CodeRow,
  CodeRows,
  DealQuery,
  DealRows,
  MailQuery,
  type MailRow,
  MailRows,
} from '../../contract/console.ts'
import { door, type Server } from '../../door.ts'
import { linkFor } from '../../rules/code.ts'
import * as stored from '../../store/console.ts'
import * as deals from '../../store/deals.ts'
import * as mails from '../../store/mails.ts'
import type { Program } from '../../store/programs.ts'
import { shownDeal } from './affiliate-shown.ts'

const admin = { who: ['admin'], inProgram: true } as const

/** What the console lists beside the lists that others have as well. */
export function consoleLists(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/codes',
      ...door(
        server,
        { ...admin, summary: 'List codes', tag: 'Partners', query: CodeQuery, replies: { 200: CodeRows } },
        async ({ c, desk, program, query: { cursor, ...wanted } }) => {
          const page = await stored.codes(desk.database.db, program.id, { ...wanted, after: cursor ?? null })
          return c.json({ data: page.data.map(each => shownCode(program, each)), nextCursor: page.nextCursor })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/deals',
      ...door(
        server,
        { ...admin, summary: 'List deals', tag: 'Partners', query: DealQuery, replies: { 200: DealRows } },
        async ({ c, desk, program, query: { cursor, ...wanted } }) => {
          const page = await deals.pageOfProgram(desk.database.db, program.id, { ...wanted, after: cursor ?? null })
          const data = page.data.map(each => ({ ...shownDeal(each), partnerId: each.partnerId }))
          return c.json({ data, nextCursor: page.nextCursor })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/mails',
      ...door(
        server,
        { ...admin, summary: 'List mails', tag: 'Running it', query: MailQuery, replies: { 200: MailRows } },
        async ({ c, desk, program, query: { cursor, ...wanted } }) => {
          const now = desk.clock().toISOString()
          const page = await mails.page(desk.database.db, program.id, { ...wanted, now, after: cursor ?? null })
          return c.json({ data: page.data.map(each => shownMail(each, now)), nextCursor: page.nextCursor })
        },
      ),
    )
}

type Code = Awaited<ReturnType<typeof stored.codes>>['data'][number]

function shownCode({ settings }: Program, { code, partnerId, owner, label, createdAt, retiredAt }: Code): CodeRow {
  const kind = partnerId === null ? 'customer' : 'partner'
  const url = linkFor(settings.siteUrl, code)
  return { code, kind, partnerId, customerId: kind === 'customer' ? owner : null, label, url, createdAt, retiredAt }
}

type Mail = Awaited<ReturnType<typeof mails.page>>['data'][number]

function shownMail({ id, kind, recipient: to, subject, attempts, failure, ...at }: Mail, now: string): MailRow {
  const { createdAt, sentAt, failedAt, givesUpAt } = at
  const isOver = failedAt !== null || (givesUpAt !== null && givesUpAt <= now)
  const state = sentAt ? 'sent' : isOver ? 'failed' : 'waiting'
  const nextAttemptAt = state === 'waiting' ? at.nextAttemptAt : null
  return { id, kind, to, subject, state, attempts, failure, createdAt, sentAt, nextAttemptAt }
}
