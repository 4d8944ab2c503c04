import type { ReadonlySignal } from '@preact/signals'
import type { Api } from './api.ts'
import type { Calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { access as openAccess } from './models/access.ts'
import type { Dashboard, Tab } from './models/dashboard.ts'
import { deals as openDeals } from './models/deals.ts'
import { links as openLinks } from './models/links.ts'
import type { Sharing } from './models/sharing.ts'
import { speech } from './speech.ts'
import type { Sentences } from './views/acting.tsx'
import { DealsPart } from './views/deals.tsx'
import { LinksPart } from './views/links.tsx'
import { PayoutsPart } from './views/payouts.tsx'
import style from './views/sections.css?inline'
import { SettingsPart } from './views/settings.tsx'

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
  const links = openLinks(api, around)
  const deals = openDeals(api, around)
  const access = openAccess(api, { emit, deactivated: model.deactivated })
  const spoken = speech<Sentences>(settings, 'start', 'account', 'dashboard', 'sections')
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  let asked = false

  return {
    /** Nothing until there are sentences to say it in. */
    view(tab: Tab) {
      const words = spoken.words.value
      if (!words) return undefined
      const shared = { model, words, dates: dates.value }
      if (tab === 'payouts') return <PayoutsPart {...shared} />
      if (tab === 'links') return <LinksPart {...shared} links={links} sharing={sharing} />
      if (tab === 'deals') return <DealsPart {...shared} deals={deals} />
      if (!asked) {
        asked = true
        queueMicrotask(access.load)
      }
      return <SettingsPart access={access} words={words} dates={dates.value} />
    },
    leave: spoken.leave,
  }
}
