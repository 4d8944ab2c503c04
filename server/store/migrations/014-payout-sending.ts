export const payoutSending = [
  // What a program pays out through, sealed; `account` is whose it has turned out to be.
  `create table payout_providers (
    program_id text not null references programs (id), provider text not null, environment text not null, secret text not null,
    hint text not null, account text, created_at text not null, primary key (program_id, provider))`,
  // A payout that is sent by a provider: where that stands. Its amount and destination stay as they were when it was asked
  // for. From before a call until its outcome is on record it is in doubt.
  `create table payout_sendings (
    payout_id text primary key, program_id text not null, provider text not null, state text not null, amount bigint not null,
    currency text not null, destination text, key_number bigint not null default 1, account text, handle text, detail text,
    doubt_since text, last_sent_at text, tries bigint not null default 0, next_at text, leased_until text,
    claims bigint not null default 0, created_at text not null, ended_at text,
    foreign key (program_id, payout_id) references payouts (program_id, id))`,
  `create index payout_sendings_due on payout_sendings (next_at) where next_at is not null`,
  `create index payout_sendings_of_program on payout_sendings (program_id, payout_id)`,
  // Each call that could have moved money, written before it is made, and what has become known of it since.
  `create table payout_attempts (
    payout_id text not null, number bigint not null, program_id text not null, act text not null, key text not null,
    started_at text not null, ended_at text, outcome text, reason text, times bigint not null default 1,
    primary key (payout_id, number), foreign key (program_id, payout_id) references payouts (program_id, id))`,
]
