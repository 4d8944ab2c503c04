import type { Lane } from './lane.ts'

export async function makePayouts({ want, fresh, setting, payouts }: Lane) {
  const path = `/v1/apps/${setting.programId}/payouts`
  const { reply } = await want({ method: 'POST', path, headers: setting.asHost, key: fresh('key'), body: {} })
  for (const { id, method } of reply?.body?.data ?? []) payouts.push({ id, method })
}

/** Says of the oldest payout what has become of it, or has it sent by the partner's provider. */
export async function markPayout(lane: Lane) {
  const { want, chance, facts, setting, payouts } = lane
  const oldest = payouts.shift()
  if (!oldest) return
  const { id: payoutId, method } = oldest
  if (method === 'stripe' || method === 'paypal') return send(lane, payoutId)
  const as = chance.weighted([
    [3, 'paid'],
    [1, 'failed'],
  ] as const)
  const body = as === 'paid' ? { reference: `bank-${payoutId.slice(-6)}` } : { reason: 'Account closed' }
  const path = `/v1/apps/${setting.programId}/payouts/${payoutId}/${as}`
  const { isAcked } = await want({ method: 'POST', path, headers: setting.asHost, body })
  facts.marks.push({ payoutId, as, isAcked })
}

async function send({ want, fresh, facts, setting }: Lane, payoutId: string) {
  const path = `/v1/apps/${setting.programId}/payouts/${payoutId}/send`
  const { isAcked } = await want({ method: 'POST', path, headers: setting.asHost, key: fresh('key') }, { insists: true })
  facts.sends.push({ payoutId, isAcked })
}
