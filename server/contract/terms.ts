import * as v from 'valibot'
import { ProgramChange, Settings } from './programs.ts'
import { Day } from './stats.ts'

const { defaultCommissionRate, holdingPeriodDays } = Settings.pipe[0].entries
// Any part of the group: what is left out stays as it is.
const commission = ProgramChange.entries.commission as v.GenericSchema<Record<string, unknown> | undefined>

/**
 * POST /v1/apps/:appId/terms/preview. The terms are changes, as in PATCH /v1/apps/:appId; `from` and `to` are days in the
 * program's zone, both within. `made_in_span` asks what a change on the first of them would have done, which reaches the
 * referrals made from then on; `all` what would have been if the terms had held for every referral.
 */
export const TermsPreview = v.pipe(
  v.strictObject({
    from: Day,
    to: Day,
    referrals: v.optional(v.picklist(['made_in_span', 'all']), 'made_in_span'),
    defaultCommissionRate: v.optional(defaultCommissionRate.wrapped),
    holdingPeriodDays: v.optional(holdingPeriodDays.wrapped),
    commission: v.optional(commission),
  }),
  v.forward(
    // What is no day is told of as such, and of that alone.
    v.check(({ from, to }) => !(Date.parse(from) > Date.parse(to)), 'That is before the first day.'),
    ['to'],
  ),
)
export type TermsPreview = v.InferOutput<typeof TermsPreview>

/** What commissions come to by now, refunds taken off, in minor units: as it is, and as it would have been. */
const Comparison = v.object({ currency: v.string(), before: v.number(), after: v.number() })

/**
 * `payments` is how many there were in the span; `changed` of how many the commission would have been another, and `moved`
 * how many could have been paid on another day. Partners are those for whom anything changes, the most first, and
 * `partnersLeftOut` how many more there are.
 */
export const TermsPreviewReport = v.object({
  from: v.string(),
  to: v.string(),
  referrals: v.picklist(['made_in_span', 'all']),
  payments: v.number(),
  changed: v.number(),
  moved: v.number(),
  totals: v.array(Comparison),
  partners: v.array(
    v.object({
      partnerId: v.string(),
      partnerName: v.string(),
      changed: v.number(),
      moved: v.number(),
      totals: v.array(Comparison),
    }),
  ),
  partnersLeftOut: v.number(),
})
export type TermsPreviewReport = v.InferOutput<typeof TermsPreviewReport>
