import { type Context, Hono } from 'hono'
import { decimal } from '../../../contract/money.ts'
import { CursorQuery } from '../../../contract/paging.ts'
import {
  MadePartnerCode,
  NewPartnerCode,
  PartnerCode,
  PartnerCodeList,
  PartnerCommissionList,
  PartnerCommissionQuery,
  PartnerPayoutList,
  PartnerReferralList,
  PartnerReferralQuery,
} from '../../../contract/partner-api.ts'
import { door, idFrom, type Server } from '../../../door.ts'
import * as partnerCodes from '../../../program/partner-codes.ts'
import { linkFor } from '../../../rules/code.ts'
import { commissionRows, payoutStatus, referralStatus, totalOf } from '../../../rules/partner-api.ts'
import * as codes from '../../../store/codes.ts'
import * as earnings from '../../../store/partner-earnings.ts'
import * as payouts from '../../../store/payouts.ts'
import type { Program } from '../../../store/programs.ts'
import * as referrals from '../../../store/referrals.ts'

const tag = 'Partner API'
const who = ['partner'] as const

/** System Q: what a partner's own systems ask with its key. camelCase, decimals. Its paths go before system A's ids. */
export function partnerApi(server: Server) {
  return new Hono()
    .get(
      '/api/v1/partners/referrals',
      ...door(
        server,
        { summary: "List one's referrals", tag, who, query: PartnerReferralQuery, replies: { 200: PartnerReferralList } },
        async ({ c, desk, caller, query }) => {
          const limit = query.per_page
          const found = await referrals.ofPartner(desk.database.db, caller.partner.id, {
            limit,
            offset: (query.page - 1) * limit,
          })
          nameNextPage(c, query, found.total)
          const data = found.data.map(referral => ({
            id: referral.id,
            tenantId: referral.hostsCustomerId,
            status: referralStatus(referral),
            createdAt: referral.createdAt,
          }))
          return c.json({ data, total: found.total })
        },
      ),
    )
    .get(
      '/api/v1/partners/commissions',
      ...door(
        server,
        { summary: "List one's commissions", tag, who, query: PartnerCommissionQuery, replies: { 200: PartnerCommissionList } },
        async ({ c, desk, program, caller, query }) => {
          const { currency } = program.settings
          const rows = commissionRows(await earnings.byReferral(desk.database.db, caller.partner.id, query.period))
          nameNextPage(c, query, rows.length)
          const from = (query.page - 1) * query.per_page
          const data = rows.slice(from, from + query.per_page).map(({ referralId, amount, currency, status, period }) => {
            return { referralId, amount: inDecimals(amount, currency), currency, status, period }
          })
          return c.json({ data, totalAmount: inDecimals(totalOf(rows, currency), currency) })
        },
      ),
    )
    .post(
      '/api/v1/partners/codes',
      ...door(
        server,
        { summary: 'Make a code', tag, who, body: NewPartnerCode, replies: { 201: MadePartnerCode } },
        async ({ c, desk, program, caller, body }) => {
          const { code, createdAt } = await partnerCodes.create(desk, program, caller.partner, body)
          return c.json({ code, url: linkFor(program.settings.siteUrl, code), createdAt }, 201)
        },
      ),
    )
    .get(
      '/api/v1/partners/codes',
      ...door(
        server,
        { summary: "List one's codes", tag, who, replies: { 200: PartnerCodeList } },
        async ({ c, desk, program, caller }) => {
          const found = await codes.everyOne(desk.database.db, caller.partner.id)
          return c.json({ data: found.map(code => shown(program, code)), total: found.length })
        },
      ),
    )
    .delete(
      '/api/v1/partners/codes/:code',
      ...door(
        server,
        { summary: 'Retire a code', tag, who, replies: { 200: PartnerCode } },
        async ({ c, desk, program, caller }) => {
          return c.json(shown(program, await partnerCodes.retire(desk, program, caller.partner, idFrom(c, 'code'))))
        },
      ),
    )
    .get(
      '/api/v1/partners/payouts',
      ...door(
        server,
        { summary: "List one's payouts", tag, who, query: CursorQuery, replies: { 200: PartnerPayoutList } },
        async ({ c, desk, caller, query }) => {
          const page = { limit: query.limit, after: query.cursor ?? null }
          const { data, nextCursor } = await payouts.ofPartner(desk.database.db, caller.partner.id, page)
          const list = data.map(({ id, amount, currency, method, reference, createdAt, paidAt, failedAt }) => {
            const status = payoutStatus({ paidAt, failedAt })
            return { id, amount: decimal(amount, currency), currency, status, method, reference, createdAt, paidAt }
          })
          return c.json({ data: list, nextCursor })
        },
      ),
    )
}

/** The documented replies have no field for it, so a page that is not the last one says so in a header. */
function nameNextPage(c: Context, { page, per_page }: { page: number; per_page: number }, total: number) {
  if (page * per_page >= total) return
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.set('page', String(page + 1))
  searchParams.set('per_page', String(per_page))
  c.header('link', `<${pathname}?${searchParams}>; rel="next"`)
}

const inDecimals = (minor: bigint, currency: string) => decimal(Number(minor), currency)

type Code = { code: string; label: string | null; createdAt: string; retiredAt: string | null }

function shown(program: Program, { code, label, createdAt, retiredAt }: Code) {
  return { code, label, url: linkFor(program.settings.siteUrl, code), createdAt, retiredAt }
}
