import { Hono } from 'hono'
import * as v from 'valibot'
import { NewReferral, NotAttributed, Referral } from '../../contract/referrals.ts'
import { door, type Server } from '../../door.ts'
import { type Attribution, attribute } from '../../program/referrals.ts'
import { stateOf } from '../../rules/referral-state.ts'

export function referralRoutes(server: Server) {
  const replies = { 201: Referral, 200: v.union([Referral, NotAttributed]) }
  return new Hono().post(
    '/v1/referrals',
    ...door(
      server,
      { summary: 'Attribute a signup', tag: 'Attribution', who: ['secret'], body: NewReferral, replies },
      async ({ c, desk, program, body }) => {
        const result = await attribute(desk, program, body)
        if ('reason' in result) return c.json({ attributed: false, reason: result.reason })
        return c.json(shown(result), result.made ? 201 : 200)
      },
    ),
  )
}

function shown({ referral, customer }: Exclude<Attribution, { reason: unknown }>) {
  const { id, code, partnerId, clickId, campaign, createdAt } = referral
  return {
    id,
    attributed: true,
    code,
    partnerId,
    customerId: customer.externalId ?? customer.id,
    clickId,
    campaign,
    status: stateOf(referral),
    createdAt,
  }
}
