export const partnerKeys = [
  `create table partner_keys (
    id text primary key, program_id text not null references programs (id), partner_id text not null, name text not null,
    hash text not null unique, hint text not null, created_at text not null, revoked_at text,
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index partner_keys_of_partner on partner_keys (partner_id, created_at)`,
  // How often a key was used in its current minute, where several servers count together. One row a key, in the order of
  // columns that rate-limiter-flexible writes.
  `create table partner_key_uses (key text primary key, points bigint not null, expire bigint)`,

  `create table payouts (
    id text primary key, program_id text not null references programs (id), partner_id text not null, amount bigint not null,
    currency text not null, method text, reference text, failure text, created_at text not null, paid_at text, failed_at text,
    unique (program_id, id), foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index payouts_of_partner on payouts (partner_id, created_at)`,
  `alter table commissions add column payout_id text references payouts (id)`,
  `create index commissions_of_payout on commissions (payout_id)`,
  `create index commissions_of_month on commissions (partner_id, period)`,
]
