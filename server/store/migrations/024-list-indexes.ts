/** Lists of a program's mails, codes and deals are read from their newest on, and what a referral has brought by its id. */
export const listIndexes = [
  'create index mails_of_program on mails (program_id, created_at)',
  'create index codes_by_time on codes (program_id, created_at)',
  'create index deals_by_time on deals (program_id, created_at)',
  'create index credits_of_referral on credit_entries (referral_id)',
]
