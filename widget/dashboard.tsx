import { computed, effect, signal, untracked } from '@preact/signals'
import type { Api } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Settings } from './element.ts'
import { Failure } from './failure.ts'
import { sentencesFor } from './language.ts'
import { dashboard as follow } from './models/dashboard.ts'
import { sharing as share } from './models/sharing.ts'
import type { OpenSections } from './sections.tsx'
import { speech } from './speech.ts'
import account from './views/account.css?inline'
import chart from './views/chart.css?inline'
import style from './views/dashboard.css?inline'
import { Dashboard, type Sentences } from './views/dashboard.tsx'
import { DashboardSkeleton, Failed } from './views/parts.tsx'
import { RowsSkeleton } from './views/rows-skeleton.tsx'

type Around = { api: Api; settings: Settings; emit: Emit; root: ShadowRoot; reply: unknown; deactivated: () => void }
export type OpenDashboard = ReturnType<typeof openDashboard>

const sheet = new CSSStyleSheet()
sheet.replaceSync(account + style + chart)

/** The dashboard over a first reply. It stands apart because most visitors never see one. */
export function openDashboard({ api, settings, emit, root, reply, deactivated }: Around) {
  const model = follow(api, { emit, reply, deactivated })
  const sharing = share(api, emit)
  const spoken = speech<Sentences>(settings, 'start', 'account', 'dashboard')
  const dates = computed(() => calendar(spoken.words.value?.locale))
  const sections = signal<OpenSections | Failure | undefined>()
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)

  // What stands under the other tabs comes when the first of them is opened.
  async function openSections() {
    sections.value = undefined
    try {
      const said = sentencesFor(settings.lang.peek(), ['sections'])
      const [{ openSections }] = await Promise.all([import('./sections.tsx'), said])
      sections.value = openSections({ api, settings, emit, root, model, sharing, dates })
    } catch {
      sections.value = new Failure('unreachable')
      emit('error', { code: 'unreachable' })
    }
  }
  const stopWaiting = effect(() => {
    if (model.tab.value !== 'overview' && !sections.peek()) untracked(openSections)
  })

  return {
    load: model.load,
    refresh: model.refresh,
    ready: spoken.ready,
    accent: () => model.reply.value.program.brand.accent,
    view() {
      const words = spoken.words.value
      if (!words) return <DashboardSkeleton label={undefined} />
      const section = () => {
        const opened = sections.value
        if (opened instanceof Failure) return <Failed failure={opened} retry={openSections} words={words} />
        return opened?.view(model.tab.value) ?? <RowsSkeleton label={words.say.loading} />
      }
      return <Dashboard model={model} sharing={sharing} words={words} dates={dates.value} section={section} />
    },
    leave() {
      stopWaiting()
      spoken.leave()
      const opened = sections.peek()
      if (opened && 'leave' in opened) opened.leave()
    },
  }
}
