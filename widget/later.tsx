import { signal } from '@preact/signals'
import type { Emit, Settings, Stage } from './element.ts'
import { Failure } from './failure.ts'
import { speech } from './speech.ts'
import { Failed, ReferSkeleton } from './views/parts.tsx'
import { en } from './wording/en.ts'

export type Around = { settings: Settings; emit: Emit; root: ShadowRoot }

/** An element whose code comes only to pages that use it. Until then its shapes keep the place. */
export function enterLater(load: () => Promise<{ open(around: Around): Stage }>, around: Around): Stage {
  const { settings, emit } = around
  const words = speech(settings, en)
  const opened = signal<Stage | undefined>()
  const failure = signal<Failure | undefined>()
  let left = false

  async function begin() {
    failure.value = undefined
    try {
      const { open } = await load()
      if (!left) opened.value = open(around)
    } catch {
      failure.value = new Failure('unreachable')
      if (!left) emit('error', { code: 'unreachable' })
    }
  }

  void begin()
  return {
    view: () =>
      opened.value?.view() ?? (
        <div class="card mid" part="card" style={{ '--page-font': settings.font.value }}>
          {failure.value ? (
            <Failed failure={failure.value} retry={begin} words={words.value} />
          ) : (
            <ReferSkeleton label={words.value.say.loading} />
          )}
        </div>
      ),
    leave() {
      left = true
      opened.peek()?.leave()
    },
  }
}
