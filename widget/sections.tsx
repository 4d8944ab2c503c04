import type { Api } from './api.ts'
import type { Calendar } from './calendar.ts'
import type { Emit } from './element.ts'
import { access as openAccess } from './models/access.ts'
import type { Dashboard } from './models/dashboard.ts'
import { deals as openDeals } from './models/deals.ts'
import { links as openLinks } from './models/links.ts'
import { payment as openPayment } from './models/payment.ts'
import type { Sharing } from './models/sharing.ts'
import type { Words } from './views/acting.tsx'
import { DealsPart } from './views/deals.tsx'
import { LinksPart } from './views/links.tsx'
import { PayoutsPart } from './views/payouts.tsx'
import { SettingsPart } from './views/settings.tsx'

type Around = { api: Api; emit: Emit; model: Dashboard; sharing: Sharing }

/** What stands under the dashboard's other tabs. What is more than the figures is asked for when it is opened for the first time. */
export function openSections({ api, emit, model, sharing }: Around) {
  const around = { dashboard: model, emit }
  const links = openLinks(api, around)
  const deals = openDeals(api, around)
  const beside = { emit, deactivated: model.deactivated }
  const payment = openPayment(api, beside)
  const access = openAccess(api, beside)
  const asked = new Set<() => void>()
  const ask = (load: () => void) => {
    if (asked.has(load)) return
    asked.add(load)
    queueMicrotask(load)
  }

  return (words: Words, dates: Calendar) => {
    const shared = { model, words, dates }
    const tab = model.tab.value
    if (tab === 'payouts') {
      ask(payment.load)
      return <PayoutsPart {...shared} payment={payment} />
    }
    if (tab === 'links') return <LinksPart {...shared} links={links} sharing={sharing} />
    if (tab === 'deals') return <DealsPart {...shared} deals={deals} />
    ask(access.load)
    return <SettingsPart access={access} words={words} dates={dates} />
  }
}
