export const imports = [
  // What an import has made, by what it was called where it came from: the same again is known by it. `fingerprint` is a hash
  // of what the source last said of it. No address of a person stands in it: who has no other name goes by our own id.
  `create table imported_names (
    program_id text not null references programs (id), source text not null, kind text not null, foreign_key text not null,
    object_id text not null, fingerprint text not null, created_at text not null,
    primary key (program_id, source, kind, foreign_key))`,
  `create index imported_names_of_object on imported_names (object_id)`,
]
