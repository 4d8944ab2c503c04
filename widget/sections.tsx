import { computed, type ReadonlySignal } from '@preact/signals'
import type { Api } from './api.ts'
import type { Calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { Access } from './models/access.ts'
import type { Dashboard, Tab } from './models/dashboard.ts'
import { Deals } from './models/deals.ts'
import { Links } from './models/links.ts'
import type { Sharing } from './models/sharing.ts'
import { speech } from './speech.ts'
import { DealsPart } from './views/deals.tsx'
import { LinksPart } from './views/links.tsx'
import { PayoutsPart } from './views/payouts.tsx'
import style from './views/sections.css?inline'
import { SettingsPart } from './views/settings.tsx'
import { en } from './wording/en.ts'
import { enDashboard } from './wording/en-dashboard.ts'
import { enSections } from './wording/en-sections.ts'
import { enShare } from './wording/en-share.ts'

type Around = {
  api: Api
  settings: Settings
  emit: Emit
  root: ShadowRoot
  model: Dashboard
  sharing: Sharing
  dates: ReadonlySignal<Calendar>
}
export type OpenSections = ReturnType<typeof openSections>

const sheet = new CSSStyleSheet()
sheet.replaceSync(style)

/** What stands under the dashboard's other tabs. Each part asks the server when it is opened for the first time. */
export function openSections({ api, settings, emit, root, model, sharing, dates }: Around) {
  const around = { dashboard: model, emit }
  const links = new Links(api, around)
  const deals = new Deals(api, around)
  const access = new Access(api, { emit, deactivated: model.deactivated })
  const spoken = speech(settings, { ...en, ...enShare, ...enDashboard, ...enSections })
  const words = computed(() => {
    const { say, ...forms } = spoken.value
    return { ...forms, say: { ...say, failures: { ...say.failures, ...say.refusals } } }
  })
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  let asked = false

  return {
    view(tab: Tab) {
      const shared = { model, words: words.value, dates: dates.value }
      if (tab === 'payouts') return <PayoutsPart {...shared} />
      if (tab === 'links') return <LinksPart {...shared} links={links} sharing={sharing} />
      if (tab === 'deals') return <DealsPart {...shared} deals={deals} />
      if (!asked) {
        asked = true
        queueMicrotask(access.load)
      }
      return <SettingsPart access={access} words={words.value} dates={dates.value} />
    },
    leave() {
      for (const each of [links, deals, access]) each[Symbol.dispose]()
    },
  }
}
