import { type Kysely, sql } from 'kysely'
import { type Database, makeAppendOnly } from './database.ts'
import { programme } from './migrations/001-programme.ts'
import { webhooks } from './migrations/002-webhooks.ts'
import { partnerKeys } from './migrations/003-partner-keys.ts'
import { portalDeals } from './migrations/004-portal-deals.ts'
import { rewards } from './migrations/005-rewards.ts'
import { idempotency } from './migrations/006-idempotency.ts'
import { reversals } from './migrations/007-reversals.ts'
import { audit } from './migrations/008-audit.ts'
import { customerClicks } from './migrations/009-customer-clicks.ts'
import { payouts } from './migrations/010-payouts.ts'
import { stripe } from './migrations/011-stripe.ts'
import { journalSeals } from './migrations/012-journal-seals.ts'
import { payoutBatches } from './migrations/013-payout-batches.ts'
import { payoutSending } from './migrations/014-payout-sending.ts'
import { mails } from './migrations/015-mails.ts'
import { admins } from './migrations/016-admins.ts'
import { imports } from './migrations/017-imports.ts'
import { limitUses } from './migrations/018-limit-uses.ts'
import { keptSums } from './migrations/019-kept-sums.ts'
import { codeFigures } from './migrations/020-code-figures.ts'
import { mergedPartners } from './migrations/021-merged-partners.ts'
import { clickRetention } from './migrations/022-click-retention.ts'
import { earnedIndex } from './migrations/023-earned-index.ts'
import { listIndexes } from './migrations/024-list-indexes.ts'

export type Migration = { name: string; up(db: Kysely<never>, engine: Database['engine']): Promise<void> }

/** In order, for ever: a step that has been released is never changed, only followed by another. */
export const migrations: Migration[] = [
  step('001_programme', programme, ['journal_transactions', 'journal_entries']),
  step('002_webhooks', webhooks),
  step('003_partner_keys', partnerKeys),
  step('004_portal_deals', portalDeals),
  step('005_rewards', rewards, ['credit_entries']),
  step('006_idempotency', idempotency),
  step('007_reversals', reversals, ['commission_decisions']),
  step('008_audit', audit, ['audit_entries']),
  step('009_customer_clicks', customerClicks),
  step('010_payouts', payouts, ['payout_lines', 'calculated_periods']),
  step('011_stripe', stripe),
  step('012_journal_seals', journalSeals, ['journal_seals']),
  step('013_payout_batches', payoutBatches, ['payout_batches']),
  step('014_payout_sending', payoutSending),
  step('015_mails', mails),
  step('016_admins', admins),
  step('017_imports', imports),
  step('018_limit_uses', limitUses),
  { name: '019_kept_sums', up: keptSums },
  step('020_code_figures', codeFigures),
  step('021_merged_partners', mergedPartners),
  { name: '022_click_retention', up: clickRetention },
  { name: '023_earned_index', up: earnedIndex },
  { name: '024_list_indexes', up: listIndexes },
]

function step(name: string, statements: string[], appendOnly: string[] = []): Migration {
  return {
    name,
    async up(db, engine) {
      for (const statement of statements) await sql.raw(engine === 'postgres' ? byBytes(statement) : statement).execute(db)
      for (const table of appendOnly) await makeAppendOnly(db, engine, table)
    },
  }
}

// Text is compared by its bytes, as SQLite does it, whatever language the database was made for: ids sort by their time.
function byBytes(statement: string) {
  return statement.replace(/\btext\b/g, 'text collate "C"')
}
