import { Hono } from 'hono'
import { AffiliateCodeList, MadePartnerCode, NewPartnerCode, PartnerCode } from '../../contract/partner-api.ts'
import { door, idFrom, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import type { Desk } from '../../program/desk.ts'
import * as partnerCodes from '../../program/partner-codes.ts'
import { linkFor } from '../../rules/code.ts'
import * as figures from '../../store/code-figures.ts'
import * as codes from '../../store/codes.ts'
import type { Customer } from '../../store/customers.ts'
import type { Program } from '../../store/programs.ts'
import { partnerOrRefuse } from './affiliate-session.ts'
import { shownFigures } from './affiliate-shown.ts'

const tag = 'Partner programme'
const who = ['session'] as const

/** A partner's own codes, from the widget: what system Q has for a partner's programs. */
export function affiliateCodes(server: Server) {
  return new Hono()
    .get(
      '/v1/affiliate/codes',
      ...door(
        server,
        { summary: "List one's own codes", tag, who, replies: { 200: AffiliateCodeList } },
        async ({ c, desk, program, caller }) => {
          const partner = await activePartner(desk, program, caller.customer)
          const found = await codes.everyOne(desk.database.db, partner.id)
          const figuresOf = await figures.ofPartner(desk.database.db, partner.id)
          const data = found.map(code => ({ ...shown(program, code), ...shownFigures(figuresOf(code.code)) }))
          return c.json({ data, total: data.length })
        },
      ),
    )
    .post(
      '/v1/affiliate/codes',
      ...door(
        server,
        { summary: "Make a code of one's own", tag, who, body: NewPartnerCode, replies: { 201: MadePartnerCode } },
        async ({ c, desk, program, caller, body }) => {
          const partner = await activePartner(desk, program, caller.customer)
          const { code, createdAt } = await partnerCodes.create(desk, program, partner, body)
          return c.json({ code, url: linkFor(program.settings.siteUrl, code), createdAt }, 201)
        },
      ),
    )
    .delete(
      '/v1/affiliate/codes/:code',
      ...door(
        server,
        { summary: "Retire a code of one's own", tag, who, replies: { 200: PartnerCode } },
        async ({ c, desk, program, caller }) => {
          const partner = await activePartner(desk, program, caller.customer)
          return c.json(shown(program, await partnerCodes.retire(desk, program, partner, idFrom(c, 'code'))))
        },
      ),
    )
}

async function activePartner(desk: Desk, program: Program, customer: Customer) {
  const partner = await partnerOrRefuse(desk, program, customer)
  if (!partner.activatedAt) throw new Problem('partner_not_active')
  return partner
}

type Code = { code: string; label: string | null; createdAt: string; retiredAt: string | null }

function shown(program: Program, { code, label, createdAt, retiredAt }: Code) {
  return { code, label, url: linkFor(program.settings.siteUrl, code), createdAt, retiredAt }
}
