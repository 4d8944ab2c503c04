import type { ImportKind, ImportSource } from '../../server/contract/import.ts'

type Source = {
  name: string
  /** What that system calls the three, in the order in which they are brought in. */
  calls?: readonly [partners: string, referrals: string, commissions: string]
  /** The name of the code in the links that its partners have given away, where ours is another. */
  param?: string
}

export const sources: Record<ImportSource, Source> = {
  rewardful: { name: 'Rewardful', calls: ['affiliates', 'referrals', 'commissions'], param: 'via' },
  firstpromoter: { name: 'FirstPromoter', calls: ['promoters', 'referrals', 'commissions'], param: 'fpr' },
  tolt: { name: 'Tolt', calls: ['partners', 'customers', 'commissions'], param: 'via' },
  tapfiliate: { name: 'Tapfiliate', calls: ['affiliates', 'customers', 'conversions'] },
  partnerstack: { name: 'PartnerStack', calls: ['partners', 'customers', 'rewards'] },
  dub: { name: 'Dub', calls: ['partners', 'customers', 'commissions'], param: 'via' },
  csv: { name: 'Another CSV file', calls: ['partners', 'customers', 'commissions'] },
  mislata: { name: 'An export of this product' },
}

/** The three kinds of file, in the order in which each can be understood. */
export const kinds: { kind: ImportKind; name: string; holds: string }[] = [
  { kind: 'partners', name: 'Partners', holds: 'who they are, and their codes, which keep their text' },
  { kind: 'referrals', name: 'Referrals', holds: 'which customer came by whom' },
  { kind: 'commissions', name: 'Commissions', holds: 'what was earned, and what of it is paid already' },
]

const nouns: Record<ImportKind, string[]> = {
  partners: ['partner', 'code'],
  referrals: ['referral', 'customer'],
  commissions: ['commission'],
}

/** Which kind of file a summary tells of; undefined where it tells of several, as an export of our own does. */
export function kindOf(found: Record<string, unknown>): ImportKind | undefined {
  const [only, another] = kinds.filter(({ kind }) => nouns[kind].some(noun => noun in found))
  return another ? undefined : only?.kind
}
