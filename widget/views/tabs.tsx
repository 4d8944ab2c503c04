import type { ComponentChildren } from 'preact'
import type { Dashboard as Model, Tab } from '../models/dashboard.ts'
import type { Words } from './dashboard.tsx'

const tabs: Tab[] = ['overview', 'payouts', 'links', 'deals', 'settings']

/** The dashboard's parts, one at a time. Arrows go from tab to tab the way the page is read. */
export function Tabs({ model, say, children }: { model: Model; say: Words['say']; children: ComponentChildren }) {
  const open = model.tab.value
  const go = (event: KeyboardEvent) => {
    const list = event.currentTarget as HTMLElement
    const onward = list.matches(':dir(rtl)') ? 'ArrowLeft' : 'ArrowRight'
    const back = onward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const at = tabs.indexOf(open)
    const to = { [onward]: at + 1, [back]: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    model.tab.value = tabs[(to + tabs.length) % tabs.length] as Tab
    list.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={say.dashboardTitle} part="tabs" onKeyDown={go}>
        {tabs.map(tab => (
          <button
            type="button"
            role="tab"
            key={tab}
            id={`tab-${tab}`}
            aria-selected={tab === open}
            aria-controls="panel"
            tabindex={tab === open ? 0 : -1}
            onClick={() => {
              model.tab.value = tab
            }}
          >
            {say[`tab.${tab}`]}
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${open}`}>
        {children}
      </div>
    </>
  )
}
