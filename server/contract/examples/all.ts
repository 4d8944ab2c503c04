import { attribution } from './attribution.ts'
import { commissions } from './commissions.ts'
import { consoleExamples } from './console.ts'
import { ledger } from './ledger.ts'
import { partners } from './partners.ts'
import { payouts } from './payouts.ts'
import { programme } from './programme.ts'
import { programs } from './programs.ts'
import { referrals } from './referrals.ts'
import { reports } from './reports.ts'
import { sending } from './sending.ts'
import type { Examples } from './shape.ts'
import { running, signIn } from './sign-in.ts'
import { stripe } from './stripe.ts'
import { ownSignIn, team } from './team.ts'
import { webhooks } from './webhooks.ts'

/** A row for every route. A route without one, or a row without a route, fails a test. */
export const examples: Examples = {
  ...signIn,
  ...ownSignIn,
  ...team,
  ...programs,
  ...programme,
  ...partners,
  ...attribution,
  ...referrals,
  ...commissions,
  ...ledger,
  ...payouts,
  ...sending,
  ...stripe,
  ...webhooks,
  ...reports,
  ...consoleExamples,
  ...running,
}
