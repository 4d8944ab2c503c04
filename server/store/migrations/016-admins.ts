export const admins = [
  // Whoever was an admin before there were roles may do everything, as ever.
  `alter table admins add column role text not null default 'owner'`,
  // The second factor: its secret, sealed, in force from `totp_confirmed_at`; `totp_step` is the last half minute whose code
  // has been used.
  `alter table admins add column totp_secret text`,
  `alter table admins add column totp_confirmed_at text`,
  `alter table admins add column totp_step bigint`,
  `create table admin_recovery_codes (
    admin_id text not null references admins (id), hash text not null, primary key (admin_id, hash))`,

  // A session of the console is known by the hash of its cookie; one of a token, by its id.
  `alter table admin_sessions add column token_hash text`,
  `alter table admin_sessions add column seen_at text`,
  `alter table admin_sessions add column agent text`,
  `create unique index admin_sessions_by_token on admin_sessions (token_hash)`,
  `create index admin_sessions_of_admin on admin_sessions (admin_id, created_at)`,

  `create table admin_invites (
    id text primary key, email text not null, email_fold text not null unique, role text not null, token_hash text not null unique,
    created_at text not null, expires_at text not null)`,

  // What waits for somebody is little among much, and is counted whenever the console is opened.
  `create index commissions_held on commissions (program_id, held_at) where held_at is not null`,
  `create index payouts_open on payouts (program_id, created_at) where paid_at is null`,
  `create index refunds_waiting on refunds (program_id, created_at) where conversion_id is null`,
  `create index deliveries_failed on deliveries (program_id, failed_at) where failed_at is not null`,
  `create index mails_unsent on mails (program_id, created_at) where sent_at is null`,
]
