import { Hono } from 'hono'
import { PayoutSettings, PayoutSettingsChange } from '../../contract/payout-settings.ts'
import { door, type Server } from '../../door.ts'
import { type Desk, nowIn } from '../../program/desk.ts'
import { masked } from '../../program/mails.ts'
import { change, mayChoose } from '../../program/payout-settings.ts'
import { detailsOf, maskedEnd, missingOf, waitsUntil } from '../../rules/pay-to.ts'
import type { Partner } from '../../store/partners.ts'
import type { Program } from '../../store/programs.ts'
import { partnerOrRefuse } from './affiliate-session.ts'

const tag = 'Partner programme'
const who = ['session'] as const

/** How a partner is paid, which it sees and says itself, from the widget. A partner's key does not reach here: it only reads. */
export function affiliatePayoutSettings(server: Server) {
  return new Hono()
    .get(
      '/v1/affiliate/payout-settings',
      ...door(
        server,
        { summary: 'See how one is paid', tag, who, replies: { 200: PayoutSettings } },
        async ({ c, desk, program, caller }) =>
          c.json(shown(desk, program, await partnerOrRefuse(desk, program, caller.customer))),
      ),
    )
    .patch(
      '/v1/affiliate/payout-settings',
      ...door(
        server,
        { summary: 'Say how one is to be paid', tag, who, body: PayoutSettingsChange, replies: { 200: PayoutSettings } },
        async ({ c, desk, program, caller, body }) => {
          const { id } = await partnerOrRefuse(desk, program, caller.customer)
          return c.json(shown(desk, program, await change(desk, program, id, body)))
        },
      ),
    )
}

function shown(desk: Desk, program: Program, partner: Partner): PayoutSettings {
  const { method: _, stripeAccountId, ...details } = detailsOf(partner)
  const { payoutCoolingDays: coolingDays } = program.settings
  return {
    ...details,
    method: partner.payoutMethod as PayoutSettings['method'],
    methods: mayChoose(program, partner),
    email: details.email && masked(details.email),
    iban: maskedEnd(details.iban),
    accountNumber: maskedEnd(details.accountNumber),
    walletAddress: maskedEnd(details.walletAddress),
    stripeAccount: maskedEnd(stripeAccountId),
    missing: missingOf(partner),
    changedAt: partner.payoutChangedAt,
    waitsUntil: waitsUntil(partner.payoutChangedAt, coolingDays, nowIn(desk, program).toISOString()),
    coolingDays,
  }
}
