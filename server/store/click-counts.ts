/** What a batch of clicks adds to the counts, summed before anything is written. */
export type Counts = {
  partnerDays: Map<string, { programId: string; partnerId: string; day: string; clicks: number }>
  /** By the code as it folds. */
  codes: Map<string, { programId: string; codeFold: string; clicks: number }>
  programDays: Map<string, { programId: string; day: string; clicks: number }>
  campaignDays: Map<string, { programId: string; day: string; campaign: string; clicks: number }>
  /** Clicks on the codes of customers. */
  customers: Map<string, number>
}

type Counted = {
  programId: string
  partnerId: string | null
  customerId: string | null
  codeFold: string
  day: string
  campaign: string | null
}

export function emptyCounts(): Counts {
  return { partnerDays: new Map(), codes: new Map(), programDays: new Map(), campaignDays: new Map(), customers: new Map() }
}

export function count(counts: Counts, { programId, partnerId, customerId, codeFold, day, campaign }: Counted) {
  if (partnerId) add(counts.partnerDays, `${partnerId} ${day}`, { programId, partnerId, day })
  if (partnerId) add(counts.codes, `${programId} ${codeFold}`, { programId, codeFold })
  if (customerId) counts.customers.set(customerId, (counts.customers.get(customerId) ?? 0) + 1)
  add(counts.programDays, `${programId} ${day}`, { programId, day })
  if (campaign) add(counts.campaignDays, `${programId} ${day} ${campaign}`, { programId, day, campaign })
}

function add<T extends object>(all: Map<string, T & { clicks: number }>, key: string, of: T) {
  const known = all.get(key)
  if (known) known.clicks++
  else all.set(key, { ...of, clicks: 1 })
}
