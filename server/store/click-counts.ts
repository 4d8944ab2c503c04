/** What a batch of clicks adds to the counts, summed before anything is written. */
export type Counts = {
  partnerDays: Map<string, { programId: string; partnerId: string; day: string; clicks: number }>
  programDays: Map<string, { programId: string; day: string; clicks: number }>
}

export function emptyCounts(): Counts {
  return { partnerDays: new Map(), programDays: new Map() }
}

export function count(counts: Counts, { programId, partnerId, day }: { programId: string; partnerId: string; day: string }) {
  const partnerKey = `${partnerId} ${day}`
  const partner = counts.partnerDays.get(partnerKey)
  if (partner) partner.clicks++
  else counts.partnerDays.set(partnerKey, { programId, partnerId, day, clicks: 1 })
  const programKey = `${programId} ${day}`
  const program = counts.programDays.get(programKey)
  if (program) program.clicks++
  else counts.programDays.set(programKey, { programId, day, clicks: 1 })
}
