// Into whom a partner has been merged, and who earned a commission that somebody else is owed since then. The first refers to
// a partner that may have come later, which a restored export has not brought yet: no key says so.
export const mergedPartners = [
  `alter table partners add column merged_into text`,
  `create index partners_merged on partners (program_id) where merged_into is not null`,
  `alter table commissions add column earned_by text references partners (id)`,
]
