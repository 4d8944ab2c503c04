export const reversals = [
  // Whose the payment is: null where nobody had referred the customer, or the partner was not to be paid for it.
  `alter table conversions add column partner_id text references partners (id)`,
  `create index conversions_of_referral on conversions (referral_id)`,

  // Whoever books a payment, or a refund of it, holds its row: the two may come at once, and in any order.
  `create table sales (
    program_id text not null references programs (id), external_id text not null, primary key (program_id, external_id))`,

  // No amount is all that there was. Without conversion it waits for one.
  `create table refunds (
    id text primary key, program_id text not null references programs (id), external_id text not null,
    conversion_external_id text not null, conversion_id text, amount bigint, created_at text not null, reply text not null,
    unique (program_id, external_id), unique (program_id, id),
    foreign key (program_id, conversion_external_id) references sales (program_id, external_id),
    foreign key (program_id, conversion_id) references conversions (program_id, id))`,
  `create index refunds_of_sale on refunds (program_id, conversion_external_id)`,

  // How a commission stands now; how it came to stand there is in the decisions and in the journal.
  `alter table commissions add column reversed bigint not null default 0`,
  ...['approved_at', 'held_at', 'held_reason', 'released_at', 'rejected_at'].map(
    column => `alter table commissions add column ${column} text`,
  ),
  `create index commissions_by_time on commissions (program_id, created_at)`,
  `create index commissions_of_referral on commissions (referral_id)`,
  `create table commission_decisions (
    id text primary key, program_id text not null references programs (id), commission_id text not null, act text not null,
    reason text, decided_by text not null, created_at text not null,
    foreign key (program_id, commission_id) references commissions (program_id, id))`,
  `create index journal_of_commission on journal_entries (commission_id)`,
  `create index decisions_of_commission on commission_decisions (commission_id, created_at)`,
]
