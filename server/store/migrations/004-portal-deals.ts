export const portalDeals = [
  // Links and sessions of the portal are a partner's, not a customer's: its customer may be joined into another meanwhile.
  // Of both only the hash is kept.
  `create table portal_links (
    hash text primary key, program_id text not null, partner_id text not null, created_at text not null,
    expires_at text not null, used_at text,
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index portal_links_of_partner on portal_links (partner_id)`,
  `create table portal_sessions (
    hash text primary key, program_id text not null, partner_id text not null, created_at text not null,
    expires_at text not null, ends_at text not null, ended_at text,
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index portal_sessions_of_partner on portal_sessions (partner_id)`,

  // A lead is held once in a program. How far it has come is read from its customer and that one's referral.
  `create table deals (
    id text primary key, program_id text not null, partner_id text not null, lead_email text not null,
    lead_email_fold text not null, lead_name text not null, notes text, created_at text not null,
    unique (program_id, id), unique (program_id, lead_email_fold),
    foreign key (program_id, partner_id) references partners (program_id, id))`,
  `create index deals_of_partner on deals (partner_id, created_at)`,
]
