export const rewards = [
  // Each state of a referral is the moment in which it began.
  ...[
    'review_at',
    'review_reasons',
    'approved_at',
    'rejected_at',
    'reject_reason',
    'rewarded_at',
    'capped_at',
    'reversed_at',
    'churned_at',
    // What was promised when the referral was made, as JSON; when the promise was earned; since when it is owed.
    'reward_terms',
    'earned_at',
    'owed_at',
  ].map(column => `alter table referrals add column ${column} text`),
  `alter table referrals add column referrer_customer_id text references customers (id)`,
  `create index referrals_by_time on referrals (program_id, created_at)`,
  `create index referrals_of_referrer on referrals (referrer_customer_id, created_at)`,
  `create index referrals_in_review on referrals (program_id, review_at) where review_at is not null`,
  `create index codes_of_customer on codes (customer_id)`,

  // `next_attempt_at` is there for as long as there is something left to do.
  `create table rewards (
    id text primary key, program_id text not null references programs (id), referral_id text not null, customer_id text not null,
    role text not null, credits bigint not null, grant_key text not null, created_at text not null, granted_at text,
    reversed_at text, attempts bigint not null default 0, last_attempt_at text, last_outcome text,
    next_attempt_at text, leased_until text,
    unique (referral_id, role), unique (program_id, grant_key), unique (program_id, id),
    foreign key (program_id, referral_id) references referrals (program_id, id),
    foreign key (program_id, customer_id) references customers (program_id, id))`,
  `create index rewards_due on rewards (next_attempt_at)`,
  `create index rewards_due_in_program on rewards (program_id, next_attempt_at)`,
  `create index rewards_of_customer on rewards (customer_id)`,

  // Entries are never changed, not even where their customer is joined into another: whoever sums them asks for both.
  `create table credit_entries (
    id text primary key, program_id text not null references programs (id), customer_id text not null, referral_id text,
    entry_key text not null, credits bigint not null, reason text not null, created_at text not null,
    unique (program_id, entry_key), foreign key (program_id, referral_id) references referrals (program_id, id))`,
  `create index credits_of_customer on credit_entries (program_id, customer_id, created_at)`,

  // What became of referrals, counted on the day it happened; a campaign of none is ''.
  `create table referral_day (
    program_id text not null, day text not null, campaign text not null, signups bigint not null, qualified bigint not null,
    rewarded bigint not null, capped bigint not null, rejected bigint not null, credits bigint not null,
    primary key (program_id, day, campaign))`,
]
