export const webhooks = [
  // What happened, as it is told: `body` is the exact text that is signed and sent. `object` is what the number counts for.
  `create table events (
    id text primary key, program_id text not null references programs (id), partner_id text, event text not null,
    object text not null, sequence bigint not null, body text not null, created_at text not null,
    unique (program_id, id), unique (program_id, object, sequence))`,
  `create index events_by_time on events (program_id, created_at)`,
  `create index events_of_partner on events (partner_id, created_at)`,
  `create table event_sequences (
    program_id text not null references programs (id), object text not null, last bigint not null,
    primary key (program_id, object))`,

  // Where it is told: a program's own endpoints, or with `partner_id` one partner's. `events` is a JSON list of names or
  // ["*"]. Secrets are sealed; the one before signs too until `old_secret_until`.
  `create table webhook_endpoints (
    id text primary key, program_id text not null references programs (id), partner_id text, url text not null,
    events text not null, secret text not null, old_secret text, old_secret_until text, slow_retries_off_at text,
    failing_since text, disabled_at text, disabled_reason text, deleted_at text, created_at text not null,
    unique (program_id, id), foreign key (program_id, partner_id) references partners (program_id, id))`,

  // One event on its way to one endpoint. While it is due or under way it has a `next_attempt_at`: whoever takes it moves that
  // on, by as long as it may take, and counts `claims`, so that what comes too late is known as such. `tries` counts from
  // `started_at`, which a replay renews; `attempts` counts them all.
  `create table deliveries (
    id text primary key, program_id text not null, partner_id text, endpoint_id text not null, event_id text not null,
    created_at text not null, started_at text not null, next_attempt_at text, claims bigint not null default 0,
    tries bigint not null default 0, attempts bigint not null default 0, delivered_at text, failed_at text,
    unique (program_id, id), unique (endpoint_id, event_id),
    foreign key (program_id, endpoint_id) references webhook_endpoints (program_id, id),
    foreign key (program_id, event_id) references events (program_id, id))`,
  `create index deliveries_due on deliveries (endpoint_id, next_attempt_at) where next_attempt_at is not null`,
  `create index deliveries_by_time on deliveries (program_id, partner_id, created_at)`,
  `create index deliveries_of_event on deliveries (event_id)`,
  `create table delivery_attempts (
    delivery_id text not null references deliveries (id), number bigint not null, at text not null, outcome text not null,
    status bigint, ms bigint not null, excerpt text, reason text,
    primary key (delivery_id, number))`,
]
