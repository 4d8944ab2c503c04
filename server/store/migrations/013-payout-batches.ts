export const payoutBatches = [
  // A program's runs go one after the other: a run holds this row by its lease, and renews it with each payout that it makes.
  // One whose server has died is taken up where it stands.
  `create table payout_runs (
    program_id text primary key references programs (id), batch_id text not null, holder text not null,
    leased_until text not null, currency text, method text, actor_kind text not null, actor_id text, actor_label text,
    created_at text not null)`,
  // Written when a run is over, and never again.
  `create table payout_batches (
    id text primary key, program_id text not null references programs (id), currency text, method text,
    actor_kind text not null, actor_id text, actor_label text, count bigint not null, totals text not null,
    hash text not null, created_at text not null, unique (program_id, id))`,
  `create index payout_batches_by_time on payout_batches (program_id, created_at)`,
  // None where it was made before there were batches; its batch's own row comes with the end of the run.
  `alter table payouts add column batch_id text`,
  `create index payouts_of_batch on payouts (batch_id)`,
]
