import { computed, effect, signal } from '@preact/signals'
import type { Api } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { Failure } from './failure.ts'
import { Dashboard as Model } from './models/dashboard.ts'
import { Sharing } from './models/sharing.ts'
import type { OpenSections } from './sections.tsx'
import { speech } from './speech.ts'
import account from './views/account.css?inline'
import chart from './views/chart.css?inline'
import dashboard from './views/dashboard.css?inline'
import { Dashboard } from './views/dashboard.tsx'
import { Failed } from './views/parts.tsx'
import { RowsSkeleton } from './views/rows-skeleton.tsx'
import { en } from './wording/en.ts'
import { enDashboard } from './wording/en-dashboard.ts'
import { enShare } from './wording/en-share.ts'

type Around = { api: Api; settings: Settings; emit: Emit; root: ShadowRoot; reply: unknown; deactivated: () => void }
export type OpenDashboard = ReturnType<typeof openDashboard>

const sheet = new CSSStyleSheet()
sheet.replaceSync(account + dashboard + chart)

/** The dashboard over a first reply. It stands apart because most visitors never see one. */
export function openDashboard({ api, settings, emit, root, reply, deactivated }: Around) {
  const model = new Model(api, { emit, reply, deactivated })
  const sharing = new Sharing(api, emit)
  const words = speech(settings, { ...en, ...enShare, ...enDashboard })
  const dates = computed(() => calendar(words.value.locale))
  const sections = signal<OpenSections | Failure | undefined>()
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)

  // What stands under the other tabs comes when the first of them is opened.
  async function openSections() {
    sections.value = undefined
    try {
      const { openSections } = await import('./sections.tsx')
      sections.value = openSections({ api, settings, emit, root, model, sharing, dates })
    } catch {
      sections.value = new Failure('unreachable')
      emit('error', { code: 'unreachable' })
    }
  }
  const stopWaiting = effect(() => {
    if (model.tab.value !== 'overview' && !sections.peek()) void openSections()
  })

  const section = () => {
    const opened = sections.value
    if (!opened) return <RowsSkeleton label={words.value.say.loading} />
    if (opened instanceof Failure) return <Failed failure={opened} retry={openSections} words={words.value} />
    return opened.view(model.tab.value)
  }

  return {
    load: model.load,
    refresh: model.refresh,
    accent: () => model.reply.value.program.brand.accent,
    view: () => <Dashboard model={model} sharing={sharing} words={words.value} dates={dates.value} section={section} />,
    leave() {
      stopWaiting()
      const opened = sections.peek()
      if (opened && 'leave' in opened) opened.leave()
      for (const each of [model, sharing]) each[Symbol.dispose]()
    },
  }
}
