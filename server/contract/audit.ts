import * as v from 'valibot'
import { CursorQuery } from './paging.ts'
import { Instant, Time } from './text.ts'

/** What is written down of what admins, keys and sessions do. A word once used keeps its meaning. */
export const AuditAction = v.picklist([
  'program.created',
  'program.updated',
  'program.clock_moved',
  'api_key.created',
  'api_key.revoked',
  'partner.created',
  'partner.updated',
  'partner.deactivated',
  'partner.merged',
  'partner_key.created',
  'partner_key.revoked',
  'code.created',
  'code.retired',
  'application.created',
  'application.approved',
  'application.rejected',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.secret_rotated',
  'person.erased',
  'stripe.connected',
  'stripe.disconnected',
  'commission.approved',
  'commission.held',
  'commission.released',
  'commission.rejected',
  'commission.adjusted',
  'payout.created',
  'payout.paid',
  'payout.failed',
  'payout.sent',
  'payout.sending_ended',
  'payout_provider.connected',
  'payout_provider.disconnected',
  'payout_batch.created',
  'payout_results.imported',
  'period.closed',
  'data.imported',
  'referral.approved',
  'referral.rejected',
  'admin.invited',
  'admin.invite_taken_back',
  'admin.joined',
  'admin.password_reset',
  'admin.second_factor_reset',
  'admin.role_changed',
  'admin.removed',
  'team.settings_changed',
  'stuck.retried',
])
export type AuditAction = v.InferOutput<typeof AuditAction>

export const ActorKind = v.picklist(['admin', 'secret', 'publishable', 'partner', 'session', 'public', 'system'])
export type ActorKind = v.InferOutput<typeof ActorKind>

/** GET /v1/apps/:appId/audit */
export const AuditQuery = v.object({
  ...CursorQuery.entries,
  object: v.optional(v.pipe(v.string(), v.maxLength(300))),
  action: v.optional(AuditAction),
  noun: v.optional(v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/, 'Give the first word of an action, such as partner.'))),
  actor: v.optional(v.pipe(v.string(), v.maxLength(100))),
  from: v.optional(Time),
  to: v.optional(Time),
})

const Fields = v.nullable(v.record(v.string(), v.unknown()))

/**
 * One act. `before` and `after` hold the fields that changed and no others. Secrets are left out; in place of what a
 * person is called or can be reached by stands a mark, alike for alike values.
 */
export const AuditEntry = v.object({
  id: v.string(),
  at: Instant,
  actor: v.object({ kind: ActorKind, id: v.nullable(v.string()), label: v.nullable(v.string()) }),
  action: AuditAction,
  object: v.string(),
  before: Fields,
  after: Fields,
  requestId: v.nullable(v.string()),
})
export type AuditEntry = v.InferOutput<typeof AuditEntry>

export const AuditList = v.object({ data: v.array(AuditEntry), nextCursor: v.nullable(v.string()) })
