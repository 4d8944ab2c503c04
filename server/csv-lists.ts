import type * as v from 'valibot'
import { Member } from './contract/admins.ts'
import { Application } from './contract/applications.ts'
import { AuditEntry } from './contract/audit.ts'
import { ApiKey } from './contract/auth.ts'
import { Commission } from './contract/commissions.ts'
import { CodeRow, DealRow, MailRow } from './contract/console.ts'
import { Partner } from './contract/partners.ts'
import { PayoutBatch } from './contract/payout-batches.ts'
import { Payout } from './contract/payouts.ts'
import { ReferralRow } from './contract/rewards.ts'
import { Stuck } from './contract/stuck.ts'
import { Delivery, Endpoint, Event } from './contract/webhooks.ts'

type List = { name: string; path: RegExp; row: v.GenericSchema; by: 'cursor' | 'page' | 'whole' }

const ofProgram = (name: string, path: string, row: v.GenericSchema, by: List['by'] = 'cursor'): List => ({
  name,
  path: new RegExp(`^/v1/apps/[^/]+/${path}$`),
  row,
  by,
})

/** The lists that an operator looks at, with what a row of each is and how one goes on from page to page. */
export const listsAsCsv: readonly List[] = [
  { name: 'partners', path: /^\/api\/v1\/partners$/, row: Partner, by: 'page' },
  { name: 'referrals', path: /^\/admin\/referrals$/, row: ReferralRow, by: 'page' },
  { name: 'team', path: /^\/v1\/team$/, row: Member, by: 'whole' },
  { name: 'team-audit', path: /^\/v1\/audit$/, row: AuditEntry, by: 'cursor' },
  ofProgram('applications', 'affiliates/applications', Application, 'page'),
  ofProgram('commissions', 'commissions', Commission),
  ofProgram('payouts', 'payouts', Payout),
  ofProgram('payout-batches', 'payouts/batches', PayoutBatch),
  ofProgram('codes', 'codes', CodeRow),
  ofProgram('deals', 'deals', DealRow),
  ofProgram('mails', 'mails', MailRow),
  ofProgram('audit', 'audit', AuditEntry),
  ofProgram('api-keys', 'api-keys', ApiKey),
  ofProgram('webhooks', 'webhooks', Endpoint),
  ofProgram('events', 'webhooks/events', Event),
  ofProgram('deliveries', 'webhooks/deliveries', Delivery),
  ofProgram('stuck', 'stuck', Stuck, 'whole'),
]
