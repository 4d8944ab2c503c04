export const journalSeals = [
  // What has been posted and has no place in its program's chain yet, with the hash that it was posted with. Whoever posts
  // only adds a row of its own here, so that nobody who books money waits for the chain.
  `create table journal_waiting (
    program_id text not null, transaction_id text not null, content text, primary key (program_id, transaction_id))`,
  // Each transaction's place, once: its number, what it holds, and a hash over that and the hash of the place before. It
  // does not refer to the transaction, so that one that is taken away is missed.
  `create table journal_seals (
    program_id text not null references programs (id), sequence bigint not null,
    transaction_id text not null unique, content text not null, hash text not null,
    sealed_at text not null, primary key (program_id, sequence))`,
  // Where each chain ends. Whoever adds to a chain holds its row, and nothing else.
  `create table journal_heads (
    program_id text primary key references programs (id), length bigint not null, hash text not null)`,
  // What an earlier release has posted is sealed as it is found.
  `insert into journal_waiting (program_id, transaction_id) select program_id, id from journal_transactions`,
]
