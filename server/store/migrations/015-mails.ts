export const mails = [
  // What a mail tells of; it is put into words when it is sent. What was queued before has its words in `body`.
  `alter table mails add column facts text`,
  // What it is the mail about: a second one about the same is not queued.
  `alter table mails add column natural_key text`,
  `alter table mails add column gives_up_at text`,
  `alter table mails add column failed_at text`,
  `create unique index mails_once on mails (program_id, natural_key)`,
  `create index mails_of_kind on mails (program_id, kind, created_at)`,
  `create index mails_by_time on mails (created_at)`,

  // Who has asked to be let into the portal by mail, known or not. What comes of it is found out later, so that nobody
  // can tell from the answer.
  `create table portal_asks (
    id text primary key, program_id text references programs (id), email text not null, email_fold text not null,
    browser text not null, created_at text not null, answered_at text)`,
  `create index portal_asks_open on portal_asks (answered_at, created_at)`,
  `create index portal_asks_of_address on portal_asks (email_fold, created_at)`,
  // A mailed link knows the browser that asked for it, by the hash of a cookie.
  `alter table portal_links add column browser text`,
]
