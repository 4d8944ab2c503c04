// What each code has brought, kept as it comes in: raw clicks have no index by code. What an earlier release has counted is
// filled in from where it stands, clicks by the one reading of them that it takes. And when a partner has last changed by
// itself how it is paid.
export const codeFigures = [
  `create table code_counts (
    program_id text not null, code_fold text not null, clicks bigint not null, signups bigint not null,
    conversions bigint not null, primary key (program_id, code_fold))`,
  `create table code_earned (
    program_id text not null, code_fold text not null, currency text not null, amount bigint not null,
    primary key (program_id, code_fold, currency))`,
  `insert into code_counts (program_id, code_fold, clicks, signups, conversions)
    select program_id, code_fold, cast(sum(clicks) as bigint), cast(sum(signups) as bigint), cast(sum(conversions) as bigint)
    from (
      select program_id, lower(code) as code_fold, count(*) as clicks, 0 as signups, 0 as conversions
        from clicks where ignored is null and partner_id is not null group by program_id, lower(code)
      union all
      select program_id, lower(code), 0, count(*), 0 from referrals where partner_id is not null group by program_id, lower(code)
      union all
      select r.program_id, lower(r.code), 0, 0, count(*) from conversions c join referrals r on r.id = c.referral_id
        where c.partner_id is not null and r.partner_id is not null group by r.program_id, lower(r.code)) counted
    group by program_id, code_fold`,
  `insert into code_earned (program_id, code_fold, currency, amount)
    select r.program_id, lower(r.code), c.currency, cast(sum(c.amount - c.reversed) as bigint)
    from commissions c join referrals r on r.id = c.referral_id
    where c.rejected_at is null and r.partner_id is not null group by r.program_id, lower(r.code), c.currency`,
  `alter table partners add column payout_changed_at text`,
]
