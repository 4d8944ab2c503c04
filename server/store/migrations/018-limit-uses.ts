export const limitUses = [
  // How often somebody has tried to sign in, where several servers count together. The columns are in the order in which
  // rate-limiter-flexible writes them.
  `create table limit_uses (key text primary key, points bigint not null, expire bigint)`,
  `create index limit_uses_by_end on limit_uses (expire)`,
]
