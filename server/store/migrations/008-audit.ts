export const audit = [
  // Who did what. No person's name or address stands in it: what cannot be changed could not be erased either.
  `create table audit_entries (
    id text primary key, program_id text references programs (id), created_at text not null, actor_kind text not null,
    actor_id text, actor_label text, action text not null, object text not null, before text, after text, request_id text)`,
  `create index audit_by_time on audit_entries (program_id, created_at)`,
  `create index audit_by_object on audit_entries (program_id, object, created_at)`,
  `create index audit_by_action on audit_entries (program_id, action, created_at)`,

  // A program's money by day, kept as it comes in: what referred customers paid, and what partners earned of it.
  `create table program_day_money (
    program_id text not null, day text not null, currency text not null, revenue bigint not null, commissions bigint not null,
    primary key (program_id, day, currency))`,
  // What is owed to partners, by the day (UTC) from which it may be paid; '' for at once, 'held' for what
  // somebody has stopped.
  `create table program_owed (
    program_id text not null, currency text not null, available_on text not null, amount bigint not null,
    primary key (program_id, currency, available_on))`,
  // Of the day on which some of it becomes payable, the moment decides.
  `create index journal_by_availability on journal_entries (program_id, account, available_at)`,
]
