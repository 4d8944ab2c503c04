import { signal } from '@preact/signals'
import type { Emit, Settings, Stage } from './element.ts'
import { Failure } from './failure.ts'
import { speech } from './speech.ts'
import { Card } from './views/card.tsx'
import { Failed, ReferSkeleton } from './views/parts.tsx'

export type Around = { settings: Settings; emit: Emit; root: ShadowRoot }

/** An element whose code comes only to pages that use it. Until then its shapes keep the place. */
export function enterLater(load: () => Promise<{ open(around: Around): Stage }>, around: Around): Stage {
  const { settings, emit } = around
  const spoken = speech(settings)
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

  const shown = () => {
    const words = spoken.words.value
    if (words && failure.value) return <Failed failure={failure.value} retry={begin} words={words} />
    return <ReferSkeleton label={words?.say.loading} />
  }

  void begin()
  return {
    view: () =>
      opened.value?.view() ?? (
        <Card settings={settings} spoken={spoken} width="mid" accent="">
          {shown()}
        </Card>
      ),
    leave() {
      left = true
      spoken.leave()
      opened.peek()?.leave()
    },
  }
}
