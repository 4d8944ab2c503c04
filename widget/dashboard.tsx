import { computed } from '@preact/signals'
import type { Api } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { Dashboard as Model } from './models/dashboard.ts'
import { speech } from './speech.ts'
import chart from './views/chart.css?inline'
import dashboard from './views/dashboard.css?inline'
import { Dashboard } from './views/dashboard.tsx'
import { en } from './wording/en.ts'
import { enDashboard } from './wording/en-dashboard.ts'

type Around = { api: Api; settings: Settings; emit: Emit; root: ShadowRoot; reply: unknown; deactivated: () => void }
export type OpenDashboard = ReturnType<typeof openDashboard>

const sheet = new CSSStyleSheet()
sheet.replaceSync(dashboard + chart)

/** The dashboard over a first reply. It stands apart because most visitors never see one. */
export function openDashboard({ api, settings, emit, root, reply, deactivated }: Around) {
  const model = new Model(api, { emit, reply, deactivated })
  const words = speech(settings, { ...en, ...enDashboard })
  const dates = computed(() => calendar(words.value.locale))
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  return {
    load: model.load,
    refresh: model.refresh,
    accent: () => model.reply.value.program.brand.accent,
    view: () => <Dashboard model={model} words={words.value} dates={dates.value} />,
    leave: () => model[Symbol.dispose](),
  }
}
