import { Hono } from 'hono'
import { type AuditEntry, AuditList, AuditQuery } from '../../contract/audit.ts'
import { door, type Server } from '../../door.ts'
import * as audit from '../../store/audit.ts'

/** Who did what in a program. */
export function auditRoutes(server: Server) {
  return new Hono().get(
    '/v1/apps/:appId/audit',
    ...door(
      server,
      {
        summary: 'Who did what',
        tag: 'Reports',
        who: ['admin'],
        inProgram: true,
        query: AuditQuery,
        replies: { 200: AuditList },
      },
      async ({ c, desk, program, query }) => {
        const { cursor, ...wanted } = query
        const page = await audit.page(desk.database.db, program.id, { ...wanted, after: cursor ?? null })
        return c.json({ data: page.data.map(shownEntry), nextCursor: page.nextCursor })
      },
    ),
  )
}

type Row = Awaited<ReturnType<typeof audit.page>>['data'][number]

/** An entry as it is told. */
export function shownEntry({
  id,
  createdAt,
  actorKind,
  actorId,
  actorLabel,
  action,
  object,
  before,
  after,
  requestId,
}: Row): AuditEntry {
  return {
    id,
    at: createdAt,
    actor: { kind: actorKind as AuditEntry['actor']['kind'], id: actorId, label: actorLabel },
    action: action as AuditEntry['action'],
    object,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
    requestId,
  }
}
