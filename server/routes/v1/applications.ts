import { Hono } from 'hono'
import {
  ApplicationList,
  ApplicationQuery,
  Application as ApplicationReply,
  Review,
  Reviewed,
} from '../../contract/applications.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { review } from '../../program/applications.ts'
import type { Application } from '../../store/applications.ts'
import * as applications from '../../store/applications.ts'
import * as customers from '../../store/customers.ts'
import type { Partner } from '../../store/partners.ts'
import { statusOf } from '../../store/partners.ts'
import type { Db } from '../../store/schema.ts'

const tag = 'Applications'

/** The reviewer's side of applications, as system B has it. */
export function applicationRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/affiliates/applications',
      ...door(
        server,
        {
          summary: 'List applications',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          query: ApplicationQuery,
          replies: { 200: ApplicationList },
        },
        async ({ c, desk, program, query }) => {
          const { page, per_page, status, search } = query
          const found = await applications.page(desk.database.db, program.id, {
            status,
            search,
            limit: per_page,
            offset: (page - 1) * per_page,
          })
          return c.json({ data: found.data.map(shown), total: found.total, page, per_page })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/affiliates/applications/:id',
      ...door(
        server,
        { summary: 'One application', tag, who: ['admin', 'secret'], inProgram: true, replies: { 200: ApplicationReply } },
        async ({ c, desk, program }) => {
          const application = await applications.byId(desk.database.db, program.id, idFrom(c, 'id'))
          if (!application) throw new Problem('application_not_found')
          return c.json(shown(application))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/affiliates/applications/:id/review',
      ...door(
        server,
        {
          summary: 'Approve or reject',
          tag,
          who: ['admin', 'secret'],
          inProgram: true,
          body: Review,
          replies: { 200: Reviewed },
        },
        async ({ c, desk, program, caller, body }) => {
          const decidedBy = caller.kind === 'admin' ? caller.adminId : caller.keyId
          const { application, partner } = await review(desk, program, idFrom(c, 'id'), { ...body, decidedBy })
          return c.json({
            application: shown(application),
            ...(partner && { affiliate: await affiliateOf(desk.database.db, partner) }),
          })
        },
      ),
    )
}

export function stateOf(application: Application) {
  return application.decision ?? ('pending' as const)
}

function shown(application: Application) {
  const { id, email, name, company, website, reason, rejectionReason, partnerId, createdAt, decidedAt } = application
  const answers = JSON.parse(application.answers)
  return {
    id,
    email,
    name,
    company,
    website,
    reason,
    answers,
    status: stateOf(application),
    rejectionReason,
    partnerId,
    createdAt,
    reviewedAt: decidedAt,
  }
}

async function affiliateOf(db: Db, partner: Partner) {
  const customer = partner.customerId ? await customers.byId(db, partner.programId, partner.customerId) : undefined
  return { id: partner.id, code: partner.slug, customerId: customer?.externalId ?? customer?.id ?? '', status: statusOf(partner) }
}
