import { computed, signal } from '@preact/signals'
import { connect } from './api.ts'
import type { OpenDashboard } from './dashboard.tsx'
import type { Emit, Settings, Stage } from './element.ts'
import { Failure } from './failure.ts'
import { sentencesFor } from './language.ts'
import { application as openForm } from './models/application.ts'
import { membership as follow, type Wants } from './models/membership.ts'
import { speech } from './speech.ts'
import { ApplyForm } from './views/apply.tsx'
import { Card } from './views/card.tsx'
import { DashboardSkeleton, Failed, FormSkeleton, StatusSkeleton } from './views/parts.tsx'
import { Standing } from './views/standing.tsx'

/** One element's life: its models, and the view of where they stand. */
export function enter(wants: Wants, { settings, emit, root }: { settings: Settings; emit: Emit; root: ShadowRoot }): Stage {
  const ending = new AbortController()
  const api = connect(settings, ending.signal)
  const spoken = speech(settings)
  const dashboard = signal<OpenDashboard | undefined>()

  async function openDashboard() {
    const opened = dashboard.peek()
    if (opened) return opened.load()
    // The figures, what draws them and what is said of them come at the same time.
    const lang = settings.lang.peek()
    const code = Promise.all([import('./dashboard.tsx'), sentencesFor(lang, 'partner')])
    const [reply, [{ openDashboard }]] = await Promise.all([
      api.dashboard(30),
      code.catch(() => Promise.reject(new Failure('unreachable'))),
    ])
    if (!ending.signal.aborted)
      dashboard.value = openDashboard({ api, settings, emit, root, reply, deactivated: membership.retry })
    await dashboard.peek()?.ready
  }

  // What is told of is there to be seen.
  const tell: Emit = (name, detail) => void spoken.ready.then(() => ending.signal.aborted || emit(name, detail))
  const refreshDashboard = () => dashboard.peek()?.refresh()
  const membership = follow(wants, { api, settings, emit: tell, ending: ending.signal, openDashboard, refreshDashboard })
  const application = openForm(api, membership.applied)
  const accent = computed(() => dashboard.value?.accent() ?? membership.program.value?.brand.accent ?? '')

  const expects = computed(() => (wants === 'program' && settings.identity.value ? 'dashboard' : wants))
  const isWide = computed(() => {
    const { at } = membership.place.value
    return at === 'dashboard' || (at === 'loading' && expects.value === 'dashboard')
  })
  const shown = () => {
    const words = spoken.words.value
    const place = membership.place.value
    const program = membership.program.value
    if (!words || place.at === 'loading') return <Loading wants={expects.value} label={words?.say.loading} />
    switch (place.at) {
      case 'failed':
        return <Failed failure={place.failure} retry={membership.retry} words={words} />
      case 'form':
        return program && <ApplyForm program={program} application={application} words={words} />
      case 'dashboard':
        return dashboard.value?.view()
      default:
        return <Standing place={place} wants={wants} program={program} membership={membership} words={words} />
    }
  }

  void membership.look()
  return {
    view: () => (
      <Card settings={settings} spoken={spoken} width={isWide.value ? 'wide' : ''} accent={accent.value}>
        {shown()}
      </Card>
    ),
    leave() {
      ending.abort()
      dashboard.peek()?.leave()
      membership.leave()
      spoken.leave()
    },
  }
}

function Loading({ wants, label }: { wants: Wants; label: string | undefined }) {
  if (wants === 'dashboard') return <DashboardSkeleton label={label} />
  return wants === 'status' ? <StatusSkeleton label={label} /> : <FormSkeleton label={label} />
}
