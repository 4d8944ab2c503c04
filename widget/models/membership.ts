import { batch, effect, signal, untracked } from '@preact/signals'
import type { Api, Program } from '../api.ts'
import { changes, tokenFor } from '../applications.ts'
import { whileWatched } from '../attention.ts'
import type { Emit, Settings } from '../element.ts'
import { Failure } from '../failure.ts'

export type Wants = 'apply' | 'status' | 'dashboard' | 'program'

/** Where somebody stands with the programme, and so what is shown. */
export type Place =
  | { at: 'loading' | 'form' | 'none' | 'pending' | 'deactivated' | 'signed-out' | 'dashboard' }
  | { at: 'approved'; code?: string; isSignedIn: boolean }
  | { at: 'rejected'; reason?: string }
  | { at: 'failed'; failure: Failure }

type Around = {
  api: Api
  settings: Settings
  emit: Emit
  /** Once it is aborted nobody looks any more, and nothing is said. */
  ending: AbortSignal
  /** Fetches the dashboard and its figures; rejects with what stands in the way. */
  openDashboard(): Promise<void>
  refreshDashboard(): void
}

/** Finds out where somebody stands, and notices by itself when that changes. */
export function membership(wants: Wants, around: Around) {
  const { api, settings, emit, ending, openDashboard, refreshDashboard } = around
  const place = signal<Place>({ at: 'loading' })
  const program = signal<Program | undefined>()
  let turn = 0
  let told = ''
  let ready = false

  function settle(found: Place, status: string) {
    place.value = found
    if (!ready) emit('ready', {})
    ready = true
    if (status !== told) emit('status', { status })
    told = status
  }

  /** With a session. `false`: it does not decide, so the application does. */
  async function bySession(isCurrent: () => boolean): Promise<boolean> {
    // The dashboard's own reply says whether there is one, which spares a partner the question.
    if (wants === 'dashboard') {
      try {
        await openDashboard()
        if (isCurrent()) settle({ at: 'dashboard' }, 'active')
        return true
      } catch (error) {
        if (Failure.from(error).code !== 'not_a_partner') throw error
      }
    }
    const found = await api.membership()
    if (found.enrolled && found.status === 'deactivated') throw new Failure('partner_deactivated')
    if (found.enrolled && wants === 'program') {
      await openDashboard()
      if (isCurrent()) settle({ at: 'dashboard' }, 'active')
      return true
    }
    const application = found.enrolled ? { status: 'approved' as const, code: found.code } : found.application
    if (!application) return false
    if (isCurrent()) decided(application, true)
    return true
  }

  type Decided = { status: 'pending' | 'approved' | 'rejected'; code?: string; rejectionReason?: string }
  function decided({ status, code, rejectionReason: reason }: Decided, isSignedIn: boolean) {
    if (status === 'approved') settle({ at: status, code, isSignedIn }, status)
    else if (status === 'rejected') settle({ at: status, reason }, status)
    else settle({ at: status }, status)
  }

  async function byApplication(isCurrent: () => boolean) {
    if (!settings.publishableKey.peek()) {
      if (settings.identity.peek()) return settle({ at: 'none' }, 'none')
      throw new Failure('missing_key')
    }
    const found = await api.application()
    if (!isCurrent()) return
    batch(() => {
      program.value = found.program
      if (found.applied && found.status) decided({ ...found, status: found.status }, false)
      else settle({ at: wants === 'status' || wants === 'dashboard' ? 'none' : 'form' }, 'none')
    })
  }

  /** `quietly`: what is shown stays until something else is known. */
  async function look(quietly = false) {
    const current = ++turn
    const isCurrent = () => current === turn && !ending.aborted
    if (!quietly) place.value = { at: 'loading' }
    try {
      if (settings.identity.peek()) {
        try {
          if (await bySession(isCurrent)) return
        } catch (error) {
          // The host knows nobody: what remains is what this browser did.
          if (Failure.from(error).code !== 'signed_out') throw error
          if (wants === 'dashboard') return isCurrent() && settle({ at: 'signed-out' }, 'none')
        }
      } else if (wants === 'dashboard') return settle({ at: 'signed-out' }, 'none')
      await byApplication(isCurrent)
    } catch (error) {
      if (isCurrent()) fail(Failure.from(error), quietly)
    }
  }

  function fail(failure: Failure, quietly: boolean) {
    if (failure.code === 'partner_deactivated') return settle({ at: 'deactivated' }, 'deactivated')
    if (quietly) return
    place.value = { at: 'failed', failure }
    emit('error', { code: failure.code })
  }

  function lookAgain() {
    const now = place.peek()
    if (now.at === 'dashboard') refreshDashboard()
    else if (now.at === 'pending') void look(true)
    else if (now.at === 'failed' && ['offline', 'unreachable'].includes(now.failure.code)) void look()
  }

  const stopWatching = whileWatched(lookAgain)

  // Another element on the page has applied.
  const stopAgreeing = effect(() => {
    if (changes.value === 0) return
    untracked(() => {
      const { at } = place.peek()
      if ((at === 'none' || at === 'form') && tokenFor(settings.publishableKey.peek())) void look(true)
    })
  })

  // The host has renewed the token of a session that had ended.
  const stopWaiting = effect(() => {
    if (!settings.token.value) return
    untracked(() => {
      const now = place.peek()
      if (now.at === 'failed' && now.failure.code === 'session_ended') void look()
    })
  })

  return {
    place,
    program,
    look,
    retry: () => void look(),
    openForm() {
      place.value = { at: 'form' }
    },
    applied() {
      emit('applied', {})
      settle({ at: 'pending' }, 'pending')
    },
    leave() {
      for (const stop of [stopWatching, stopAgreeing, stopWaiting]) stop()
    },
  }
}

export type Membership = ReturnType<typeof membership>
