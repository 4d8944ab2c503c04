import { computed, signal } from '@preact/signals'
import { connect } from './api.ts'
import type { OpenDashboard } from './dashboard.tsx'
import type { Emit, Settings, Stage } from './element.ts'
import { Failure } from './failure.ts'
import { Application } from './models/application.ts'
import { Membership, type Wants } from './models/membership.ts'
import { speech } from './speech.ts'
import { ApplyForm } from './views/apply.tsx'
import { DashboardSkeleton, Failed, FormSkeleton, StatusSkeleton } from './views/parts.tsx'
import { Standing } from './views/standing.tsx'
import { en } from './wording/en.ts'

/** One element's life: its models, and the view of where they stand. */
export function enter(wants: Wants, { settings, emit, root }: { settings: Settings; emit: Emit; root: ShadowRoot }): Stage {
  const ending = new AbortController()
  const api = connect(settings, ending.signal)
  const words = speech(settings, en)
  const dashboard = signal<OpenDashboard | undefined>()

  async function openDashboard() {
    const opened = dashboard.peek()
    if (opened) return opened.load()
    // The figures and what draws them come at the same time.
    const [reply, { openDashboard }] = await Promise.all([
      api.dashboard(30),
      import('./dashboard.tsx').catch(() => Promise.reject(new Failure('unreachable'))),
    ])
    if (!ending.signal.aborted)
      dashboard.value = openDashboard({ api, settings, emit, root, reply, deactivated: membership.retry })
  }

  const refreshDashboard = () => dashboard.peek()?.refresh()
  const membership = new Membership(wants, { api, settings, emit, ending: ending.signal, openDashboard, refreshDashboard })
  const application = new Application(api, membership.applied)
  const accent = computed(() => dashboard.value?.accent() ?? membership.program.value?.brand.accent ?? '')

  const expects = computed(() => (wants === 'program' && settings.identity.value ? 'dashboard' : wants))
  const isWide = computed(() => {
    const { at } = membership.place.value
    return at === 'dashboard' || (at === 'loading' && expects.value === 'dashboard')
  })

  const shown = () => {
    const place = membership.place.value
    const program = membership.program.value
    switch (place.at) {
      case 'loading':
        return <Loading wants={expects.value} label={words.value.say.loading} />
      case 'failed':
        return <Failed failure={place.failure} retry={membership.retry} words={words.value} />
      case 'form':
        return program && <ApplyForm program={program} application={application} words={words.value} />
      case 'dashboard':
        return dashboard.value?.view()
      default:
        return <Standing place={place} wants={wants} program={program} membership={membership} words={words.value} />
    }
  }

  void membership.look()
  return {
    view: () => (
      <div
        class={isWide.value ? 'card wide' : 'card'}
        part="card"
        style={{ '--brand': accent.value, '--page-font': settings.font.value }}
      >
        {shown()}
      </div>
    ),
    leave() {
      ending.abort()
      dashboard.peek()?.leave()
      for (const model of [membership, application]) model[Symbol.dispose]()
    },
  }
}

function Loading({ wants, label }: { wants: Wants; label: string }) {
  if (wants === 'dashboard') return <DashboardSkeleton label={label} />
  return wants === 'status' ? <StatusSkeleton label={label} /> : <FormSkeleton label={label} />
}
