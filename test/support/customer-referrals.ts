import {
  Credits,
  MyReferralEvents,
  MyReferrals,
  Recovered,
  ReferralDetail,
  ReferralRow,
  ReferralRows,
  ReferralStats,
} from '../../server/contract/rewards.ts'
import { refer, sessionOf } from './acts.ts'
import { answered } from './replies.ts'
import type { TestProgram, TestServer } from './server.ts'

/** What customers and operators do with system R, for one program. */
export function customerReferrals(server: TestServer, acme: () => TestProgram) {
  const appId = () => `appId=${acme().program.id}`
  const asked = (method: string, path: string, body?: unknown) => server.ask(method, path, { key: acme().secret, body })

  return {
    async me(customerId: string, more: { email?: string; name?: string } = {}) {
      const token = await sessionOf(server, acme(), { customerId, ...more })
      return answered(await server.ask('GET', '/referrals/me', { token }), 200, MyReferrals)
    },
    async events(customerId: string, query = '') {
      const token = await sessionOf(server, acme(), { customerId })
      return answered(await server.ask('GET', `/referrals/me/events${query}`, { token }), 200, MyReferralEvents).data
    },
    signUp: (code: string, customerId: string, more: Record<string, unknown> = {}) =>
      refer(server, acme(), { customerId, code, ...more }),
    list: async (query = '') => answered(await asked('GET', `/admin/referrals?limit=100&${query}`), 200, ReferralRows),
    read: async (id: string) => answered(await asked('GET', `/admin/referrals/${id}`), 200, ReferralDetail),
    approve: async (id: string) => answered(await asked('POST', `/admin/referrals/${id}/approve`), 200, ReferralRow),
    reject: async (id: string, reason?: string) =>
      answered(
        await asked('POST', `/admin/referrals/${id}/reject`, reason === undefined ? undefined : { reason }),
        200,
        ReferralRow,
      ),
    recover: async (limit = 100) => answered(await asked('POST', `/admin/referrals/recover?limit=${limit}`), 200, Recovered),
    stats: async (query = '') => answered(await asked('GET', `/admin/referrals/stats?${query}`), 200, ReferralStats),
    credits: async (customerId: string) =>
      answered(await asked('GET', `/v1/customers/${customerId}/credits?limit=100`), 200, Credits),
    appId,
    asked,
  }
}
