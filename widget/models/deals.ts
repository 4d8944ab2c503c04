import { signal } from '@preact/signals'
import type { Api } from '../api.ts'
import { deal as read } from '../dashboard-reply.ts'
import type { Emit } from '../element.ts'
import { acts } from './acts.ts'
import type { Dashboard } from './dashboard.ts'

/** A partner's deals: registers them. The list itself is the dashboard's. */
export function deals(api: Api, { dashboard, emit }: { dashboard: Dashboard; emit: Emit }) {
  const all = acts({ emit, deactivated: dashboard.deactivated })
  /** Whose deal was registered last. */
  const registered = signal('')

  return {
    ...all,
    registered,
    register(lead: { leadName: string; leadEmail: string; notes: string }) {
      registered.value = ''
      return all.run('register', async () => {
        const { notes, ...named } = lead
        const deal = read(await api.ask('POST', '/v1/affiliate/deals', { ...named, ...(notes && { notes }) }))
        // Registered before, it is answered as it stands, and so is in the list once.
        const others = dashboard.reply.peek().deals.filter(each => each.id !== deal.id)
        dashboard.change({ deals: [deal, ...others] })
        registered.value = deal.leadName
      })
    },
  }
}

export type Deals = ReturnType<typeof deals>
