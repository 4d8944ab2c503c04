import { forAll } from './client.ts'
import type { World } from './live.ts'

/** A customer's friends, each at another point of the way: resolves when all of a day's is done. */
export function friendsOf({ company, admin, secret, session, appId, siteUrl }: World) {
  const { id, name, email } = company.refers
  const product = company.sells[0]
  let code = ''

  const days: Record<number, () => Promise<unknown>> = {
    20: async () => {
      await secret.put(`/v1/customers/${id}`, { email, name })
      code = (await (await session(id)).get<{ code: string }>('/referrals/me')).code
      const visits = Array.from({ length: 31 }, () => ({ code, url: siteUrl }))
      await forAll(visits, visit => secret.post('/v1/affiliate/track', visit))
    },
    22: () => pays(1),
    27: () => pays(2),
    31: () => pays(3, { campaign: 'newsletter' }),
    33: () => secret.post('/v1/refunds', { externalId: 'refund_friend', conversionExternalId: 'friend_3' }),
    41: () => pays(4),
    44: async () => {
      await pays(5, { email: 'somebody@mailinator.com' })
      const { data } = await admin.get<{ data: { id: string }[] }>(`/admin/referrals?appId=${appId}&status=review&limit=1`)
      for (const { id } of data)
        await admin.post(`/admin/referrals/${id}/reject?appId=${appId}`, { reason: 'A throw-away mailbox.' })
    },
    48: () => pays(6),
    53: () => pays(7, { email: 'another@mailinator.com' }),
    55: () => pays(8),
    57: () => signsUp(9, { campaign: 'newsletter' }),
  }
  return async (day: number) => days[day]?.()

  function signsUp(nth: number, told: { campaign?: string; email?: string } = {}) {
    return secret.post('/v1/referrals', { code, customerId: `friend_${nth}`, email: `friend${nth}@example.com`, ...told })
  }

  async function pays(nth: number, told?: { campaign?: string; email?: string }) {
    await signsUp(nth, told)
    const sale = { amount: product?.amount, currency: product?.currency, productId: product?.name }
    await secret.post('/v1/conversions', { externalId: `friend_${nth}`, customerId: `friend_${nth}`, ...sale })
  }
}
