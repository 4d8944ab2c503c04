export const payouts = [
  // How much of a commission is in payouts that have not failed, and how much of that has been paid.
  `alter table commissions add column settled bigint not null default 0`,
  `alter table commissions add column paid_out bigint not null default 0`,
  `create index commissions_to_pay on commissions (program_id, partner_id, currency)
    where settled <> amount - reversed and rejected_at is null`,
  `create index payouts_by_time on payouts (program_id, created_at)`,
  // The lines of a commission are numbered, those of failed payouts too: of two runs that would make the same one, one may.
  `create table payout_lines (
    payout_id text not null, position bigint not null, program_id text not null, commission_id text not null,
    number bigint not null, amount bigint not null, settled_before bigint not null,
    primary key (payout_id, position), unique (commission_id, number),
    foreign key (program_id, payout_id) references payouts (program_id, id),
    foreign key (program_id, commission_id) references commissions (program_id, id))`,

  // Whoever books into a month holds its row, so that it is not closed meanwhile.
  `create table periods (
    program_id text not null references programs (id), period text not null, closed_at text, announced_at text,
    primary key (program_id, period))`,
  `create index periods_unfinished on periods (program_id, period) where announced_at is null`,
  // What partners earned in a month, without what was taken back in it, kept as it comes in.
  `create table partner_periods (
    program_id text not null, period text not null, partner_id text not null, currency text not null, amount bigint not null,
    primary key (program_id, period, partner_id, currency),
    foreign key (program_id, period) references periods (program_id, period),
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  // Who has been told of which month.
  `create table calculated_periods (
    program_id text not null, period text not null, partner_id text not null, created_at text not null,
    primary key (program_id, period, partner_id),
    foreign key (program_id, period) references periods (program_id, period))`,
  `insert into periods (program_id, period) select distinct program_id, period from commissions`,
  `insert into partner_periods (program_id, period, partner_id, currency, amount)
    select program_id, period, partner_id, currency, sum(amount - reversed) from commissions
    where rejected_at is null group by program_id, period, partner_id, currency`,
]
