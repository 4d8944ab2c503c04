import { Hono } from 'hono'
import { CursorQuery } from '../../contract/paging.ts'
import { MadePartnerKey, NewPartnerKey, PartnerKey, PartnerKeyList } from '../../contract/partner-api.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import type { Desk } from '../../program/desk.ts'
import * as partnerKeys from '../../program/partner-keys.ts'
import type { Customer } from '../../store/customers.ts'
import * as storedKeys from '../../store/partner-keys.ts'
import * as partners from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'

const tag = 'Partner API'
const who = ['session'] as const

/** A partner's own keys, with which its systems use the Partner API. */
export function affiliateApiKeys(server: Server) {
  return new Hono()
    .get(
      '/v1/affiliate/api-keys',
      ...door(
        server,
        { summary: "List one's keys", tag, who, query: CursorQuery, replies: { 200: PartnerKeyList } },
        async ({ c, desk, program, caller, query }) => {
          const { id } = await partnerOf(desk, program, caller.customer)
          return c.json(await storedKeys.page(desk.database.db, id, { limit: query.limit, after: query.cursor ?? null }))
        },
      ),
    )
    .post(
      '/v1/affiliate/api-keys',
      ...door(
        server,
        { summary: 'Make a key', tag, who, body: NewPartnerKey, replies: { 201: MadePartnerKey } },
        async ({ c, desk, program, caller, body }) => {
          const partner = await partnerOf(desk, program, caller.customer)
          return c.json(await partnerKeys.create(desk, program, partner, body), 201)
        },
      ),
    )
    .delete(
      '/v1/affiliate/api-keys/:keyId',
      ...door(
        server,
        { summary: 'Revoke a key', tag, who, replies: { 200: PartnerKey } },
        async ({ c, desk, program, caller }) => {
          const partner = await partnerOf(desk, program, caller.customer)
          return c.json(await partnerKeys.revoke(desk, program, partner, idFrom(c, 'keyId')))
        },
      ),
    )
}

async function partnerOf(desk: Desk, program: Program, customer: Customer) {
  const partner = await partners.byCustomer(desk.database.db, program.id, customer.id)
  if (!partner) throw new Problem('not_a_partner')
  if (partner.deactivatedAt) throw new Problem('partner_deactivated')
  if (!partner.activatedAt) throw new Problem('partner_not_active')
  return partner
}
