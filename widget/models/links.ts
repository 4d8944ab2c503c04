import { signal } from '@preact/signals'
import type { Api } from '../api.ts'
import type { Code } from '../dashboard-reply.ts'
import type { Emit } from '../element.ts'
import { link, shape, text, time } from '../reading.ts'
import { acts } from './acts.ts'
import type { Dashboard } from './dashboard.ts'

const nothing = { clicks: 0, signups: 0, conversions: 0, earned: [] }
const made = shape<Pick<Code, 'code' | 'url' | 'createdAt'>>({ code: text, url: link, createdAt: time })

/** A partner's links: makes and retires them. The list itself is the dashboard's. */
export function links(api: Api, { dashboard, emit }: { dashboard: Dashboard; emit: Emit }) {
  const all = acts({ emit, deactivated: dashboard.deactivated })
  const codes = () => dashboard.reply.peek().codes
  /** The label of the link that was made last. */
  const latest = signal('')

  return {
    ...all,
    latest,
    make: (label: string) =>
      all.run('make', async () => {
        const code = made(await api.ask('POST', '/v1/affiliate/codes', { label }))
        dashboard.change({ codes: [...codes(), { ...code, ...nothing, label }] })
        latest.value = label
      }),
    retire: (code: string) =>
      all.run(`retire ${code}`, async () => {
        await api.ask('DELETE', `/v1/affiliate/codes/${encodeURIComponent(code)}`)
        dashboard.change({ codes: codes().filter(each => each.code !== code) })
      }),
  }
}

export type Links = ReturnType<typeof links>
