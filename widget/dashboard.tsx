import { computed } from '@preact/signals'
import type { Api } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { dashboard as follow } from './models/dashboard.ts'
import { sharing as share } from './models/sharing.ts'
import { openSections } from './sections.tsx'
import { speech } from './speech.ts'
import account from './views/account.css?inline'
import type { Sentences } from './views/acting.tsx'
import chart from './views/chart.css?inline'
import style from './views/dashboard.css?inline'
import { Dashboard } from './views/dashboard.tsx'
import { DashboardSkeleton } from './views/parts.tsx'
import rows from './views/rows.css?inline'
import sections from './views/sections.css?inline'

type Around = { api: Api; settings: Settings; emit: Emit; root: ShadowRoot; reply: unknown; deactivated: () => void }
export type OpenDashboard = ReturnType<typeof openDashboard>

const sheet = new CSSStyleSheet()
sheet.replaceSync(account + rows + style + chart + sections)

/** The dashboard over a first reply. It stands apart because most visitors never see one. */
export function openDashboard({ api, settings, emit, root, reply, deactivated }: Around) {
  const model = follow(api, { emit, reply, deactivated })
  const sharing = share(api, emit)
  const spoken = speech<Sentences>(settings, 'partner')
  const dates = computed(() => calendar(spoken.words.value?.locale))
  const section = openSections({ api, emit, model, sharing })
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)

  return {
    load: model.load,
    refresh: model.refresh,
    ready: spoken.ready,
    accent: () => model.reply.value.program.brand.accent,
    view() {
      const words = spoken.words.value
      if (!words) return <DashboardSkeleton label={undefined} />
      const props = { model, sharing, words, dates: dates.value }
      return <Dashboard {...props} section={() => section(words, dates.value)} />
    },
    leave: spoken.leave,
  }
}
