import type { Sale } from './facts.ts'
import type { Lane } from './lane.ts'

export async function pay({ want, fresh, chance, facts, setting, bringer, customers, sales }: Lane) {
  if (!customers.length) return
  const customerId = chance.one(customers)
  const externalId = fresh('sale')
  const amount = chance.from(1, 100_000)
  const body = { externalId, customerId, amount, currency: 'EUR' }
  const key = chance.is(0.5) ? { key: fresh('key') } : {}
  const { isAcked, reply } = await want({ method: 'POST', path: '/v1/conversions', headers: setting.asHost, ...key, body })
  const commissionId = reply?.body?.commissions?.[0]?.id ?? null
  const sale: Sale = {
    ...{ externalId, customerId, partnerId: bringer.partnerId, amount, isAcked },
    ...{ byStripe: false, commissionId, decisions: [] },
  }
  facts.sales.push(sale)
  if (isAcked) sales.push(sale)
}

export async function refund({ want, fresh, chance, facts, setting, sales }: Lane) {
  const own = sales.filter(each => !each.byStripe)
  if (!own.length) return
  const sale = chance.one(own)
  const amount = chance.from(1, chance.is(0.3) ? sale.amount * 2 : Math.ceil(sale.amount / 2))
  const externalId = fresh('refund')
  const body = { externalId, conversionExternalId: sale.externalId, amount }
  const { isAcked } = await want({ method: 'POST', path: '/v1/refunds', headers: setting.asHost, body })
  facts.refunds.push({ externalId, sale, amount, isAcked })
}

/** What has no natural key at all: only its `Idempotency-Key` says that it is the same. */
export async function adjust({ want, fresh, chance, facts, setting, bringer }: Lane) {
  const note = fresh('adjustment')
  const amount = chance.from(-2_000, 5_000) || 1
  const body = { partnerId: bringer.partnerId, amount, currency: 'EUR', note }
  const path = `/v1/apps/${setting.programId}/commissions`
  const { isAcked } = await want({ method: 'POST', path, headers: setting.asHost, key: fresh('key'), body })
  facts.adjustments.push({ note, partnerId: bringer.partnerId, amount, isAcked })
}

const REFUSALS = ['in_payout', 'is_held', 'is_not_held', 'is_rejected', 'is_reversed', 'is_paid'].map(
  each => `commission_${each}`,
)

export async function decide({ want, fresh, chance, setting, sales }: Lane) {
  const known = sales.filter(each => each.commissionId !== null)
  if (!known.length) return
  const sale = chance.one(known)
  const act = chance.one(['hold', 'release', 'hold', 'release', 'approve', 'reject'])
  const path = `/v1/apps/${setting.programId}/commissions/${sale.commissionId}/${act}`
  const asked = { method: 'POST', path, headers: setting.asHost, key: fresh('key'), body: { reason: 'looked at' } } as const
  const { isAcked, isRefused } = await want(asked, { refusals: REFUSALS })
  if (!isRefused) sale.decisions.push({ act, isAcked })
}
