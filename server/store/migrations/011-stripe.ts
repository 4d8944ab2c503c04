export const stripe = [
  // What Stripe's endpoint of a program signs with, sealed.
  `create table stripe_connections (
    program_id text primary key references programs (id), secret text not null, hint text not null, created_at text not null)`,
  // What came in from outside and was acted on: the same again changes nothing.
  `create table inbound_events (
    program_id text not null references programs (id), source text not null, event_id text not null, type text not null,
    happened_at text not null, created_at text not null, primary key (program_id, source, event_id))`,
  // Whom Stripe's customers are, and when the last subscription of one ended. Customers may be joined: see customer_aliases.
  `create table stripe_customers (
    program_id text not null references programs (id), stripe_id text not null, customer_id text, ended_at text,
    primary key (program_id, stripe_id))`,
  // What a promotion code is called, by Stripe's id for it.
  `create table stripe_codes (
    program_id text not null references programs (id), stripe_id text not null, code text not null,
    primary key (program_id, stripe_id))`,

  // Another name of a payment: its charge or payment intent, where it goes by its invoice.
  `create table payment_names (
    program_id text not null, name text not null, external_id text not null, primary key (program_id, name),
    foreign key (program_id, external_id) references sales (program_id, external_id))`,
  `create index payment_names_of_sale on payment_names (program_id, external_id)`,
  // How much of a charge had been given back in all at a moment; what of that came back because it could not be paid out.
  `create table refund_totals (
    program_id text not null, event_id text not null, conversion_external_id text not null, charge text not null,
    amount bigint not null, at text not null, primary key (program_id, event_id),
    foreign key (program_id, conversion_external_id) references sales (program_id, external_id))`,
  `create index refund_totals_of_sale on refund_totals (program_id, conversion_external_id)`,
  `create table refund_failures (
    program_id text not null, refund_external_id text not null, conversion_external_id text not null, charge text not null,
    amount bigint not null, at text not null, primary key (program_id, refund_external_id),
    foreign key (program_id, conversion_external_id) references sales (program_id, external_id))`,
  `create index refund_failures_of_sale on refund_failures (program_id, conversion_external_id)`,
  // Closed it has an outcome. Somebody who released its commission by hand has waived it.
  `create table disputes (
    program_id text not null, external_id text not null, conversion_external_id text not null, amount bigint not null,
    opened_at text not null, closed_at text, outcome text, waived_at text, created_at text not null,
    primary key (program_id, external_id),
    foreign key (program_id, conversion_external_id) references sales (program_id, external_id))`,
  `create index disputes_of_sale on disputes (program_id, conversion_external_id)`,

  // When Stripe says that it was paid; null where only the host's own backend has told of it.
  `alter table conversions add column told_at text`,
  // How much of the revenue has been given back.
  `alter table conversions add column lost bigint not null default 0`,
  `create index conversions_of_customer on conversions (program_id, customer_id)`,
  // Of what Stripe tells, payments before this moment were not brought by the referral.
  `alter table referrals add column counts_from text`,
]
