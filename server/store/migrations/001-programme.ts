// Portable: ids and times are text, money is bigint minor units, no booleans. A partner's and a customer's rows carry
// their program, so that no row can point into another one.
export const programme = [
  `create table meta (name text primary key, value text not null)`,

  `create table admins (
    id text primary key, email text not null, email_fold text not null unique, password_hash text not null, created_at text not null)`,
  `create table admin_sessions (
    id text primary key, admin_id text not null references admins (id), created_at text not null,
    expires_at text not null, ended_at text)`,

  `create table programs (
    id text primary key, settings text not null, clock_offset_ms bigint not null default 0, created_at text not null)`,
  `create table api_keys (
    id text primary key, program_id text not null references programs (id), type text not null, name text not null,
    hash text not null unique, hint text not null, created_at text not null, revoked_at text)`,

  `create table customers (
    id text not null, program_id text not null references programs (id), external_id text, email text, email_fold text,
    name text, created_at text not null,
    primary key (id), unique (program_id, id), unique (program_id, external_id))`,
  `create index customers_by_email on customers (program_id, email_fold)`,
  `create table customer_aliases (
    program_id text not null, alias text not null, customer_id text not null,
    primary key (program_id, alias), foreign key (program_id, customer_id) references customers (program_id, id))`,

  `create table partners (
    id text primary key, program_id text not null references programs (id), customer_id text, email text not null,
    email_fold text not null, first_name text, last_name text, company text, website text, slug text not null, rate_ppm bigint,
    payout_method text, payout_email text, stripe_account_id text, metadata text, search_text text not null,
    created_at text not null, activated_at text, deactivated_at text,
    unique (program_id, id), unique (program_id, email_fold), unique (program_id, customer_id),
    foreign key (program_id, customer_id) references customers (program_id, id))`,
  `create index partners_by_time on partners (program_id, created_at)`,

  `create table codes (
    program_id text not null references programs (id), code_fold text not null, code text not null, partner_id text,
    customer_id text, label text, created_at text not null, retired_at text,
    primary key (program_id, code_fold),
    foreign key (program_id, partner_id) references partners (program_id, id),
    foreign key (program_id, customer_id) references customers (program_id, id))`,
  `create index codes_of_partner on codes (partner_id)`,

  `create table applications (
    id text primary key, program_id text not null references programs (id), email text not null, email_fold text not null,
    name text not null, company text, website text, reason text, answers text not null, token_hash text unique,
    created_at text not null, decision text, decided_at text, decided_by text, rejection_reason text, partner_id text,
    unique (program_id, email_fold),
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index applications_by_time on applications (program_id, created_at)`,

  // Raw clicks have no other index: a page of the table and one of its key take a whole batch, and all counting is done in
  // the tables below. An index by partner would have each click of a batch change a page of its own.
  `create table clicks (
    id text primary key, program_id text not null, partner_id text, customer_id text, code text not null, visitor text not null,
    at text not null, day text not null, url text, referrer text, campaign text, ignored text)`,
  // Who clicked within the last hours, as far as it is not kept in memory: small, because it is pruned, so that deduplication
  // needs no index on all clicks. Its key begins with the hour.
  `create table recent_clicks (dedupe text primary key, click_id text not null, at text not null)`,
  `create table day_keys (day text primary key, key text not null)`,

  `create table partner_day (
    partner_id text not null, day text not null, clicks bigint not null, signups bigint not null, conversions bigint not null,
    primary key (partner_id, day))`,
  `create table partner_day_earned (
    partner_id text not null, day text not null, currency text not null, amount bigint not null,
    primary key (partner_id, day, currency))`,
  `create table program_day (
    program_id text not null, day text not null, clicks bigint not null, signups bigint not null, conversions bigint not null,
    primary key (program_id, day))`,
  `create table partner_month (
    program_id text not null, month text not null, partner_id text not null, clicks bigint not null, signups bigint not null,
    conversions bigint not null,
    primary key (program_id, month, partner_id))`,
  `create index partner_month_of_partner on partner_month (partner_id)`,

  `create table referrals (
    id text primary key, program_id text not null references programs (id), customer_id text not null, partner_id text,
    code text not null, click_id text, campaign text, terms text not null, created_at text not null, qualified_at text,
    unique (program_id, customer_id), unique (program_id, id),
    foreign key (program_id, customer_id) references customers (program_id, id),
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index referrals_of_partner on referrals (partner_id, created_at)`,

  `create table conversions (
    id text primary key, program_id text not null references programs (id), external_id text not null,
    payload_hash text not null, customer_id text not null, referral_id text, amount bigint not null, tax bigint not null,
    discount bigint not null, currency text not null, product_id text, occurred_at text not null, created_at text not null,
    reply text not null,
    unique (program_id, external_id), unique (program_id, id),
    foreign key (program_id, customer_id) references customers (program_id, id),
    foreign key (program_id, referral_id) references referrals (program_id, id))`,

  `create table commissions (
    id text primary key, program_id text not null, partner_id text not null, referral_id text, conversion_id text,
    period text not null, amount bigint not null, currency text not null, product_id text, why text not null,
    occurred_at text not null, available_at text not null, created_at text not null,
    unique (conversion_id, partner_id), unique (program_id, id),
    foreign key (program_id, partner_id) references partners (program_id, id),
    foreign key (program_id, referral_id) references referrals (program_id, id),
    foreign key (program_id, conversion_id) references conversions (program_id, id))`,
  `create index commissions_of_partner on commissions (partner_id, occurred_at)`,

  `create table journal_transactions (
    id text primary key, program_id text not null references programs (id), key text not null, kind text not null,
    at text not null, created_at text not null, unique (program_id, key))`,
  `create table journal_entries (
    transaction_id text not null references journal_transactions (id), position bigint not null, program_id text not null,
    account text not null, partner_id text, commission_id text, currency text not null, amount bigint not null,
    available_at text, primary key (transaction_id, position))`,
  `create index journal_of_partner on journal_entries (partner_id, account, currency, available_at, amount)`,

  `create table mails (
    id text primary key, program_id text, recipient text not null, kind text not null, subject text not null,
    body text not null, created_at text not null, attempts bigint not null default 0, next_attempt_at text, sent_at text,
    failure text)`,
  `create index mails_to_send on mails (sent_at, next_attempt_at)`,
  `create index mails_by_recipient on mails (recipient, created_at)`,
]
