export const idempotency = [
  // One row for each Idempotency-Key of the last day. `id` is a hash of who, where and the key. Without `sealed` somebody is
  // at it until `lease_ends_at`; `holder` says which attempt, so that one which was given up cannot write over the next.
  `create table idempotency_keys (
    id text primary key, program_id text references programs (id), fingerprint text not null, holder text not null,
    lease_ends_at text not null, expires_at text not null, status bigint, sealed text, created_at text not null)`,
  `create index idempotency_keys_by_expiry on idempotency_keys (expires_at)`,
]
