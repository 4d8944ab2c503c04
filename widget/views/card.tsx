import type { ComponentChildren } from 'preact'
import type { Settings } from '../element.ts'
import { directionOf, spokenIn } from '../language.ts'
import type { speech } from '../speech.ts'

type Props = {
  settings: Settings
  spoken: Pick<ReturnType<typeof speech>, 'words' | 'failed' | 'retry'>
  width: '' | 'mid' | 'wide'
  accent: string
  children: ComponentChildren
}

/** The frame around everything. It says which language it speaks, and runs the way that this one does. */
export function Card({ settings, spoken, width, accent, children }: Props) {
  const lang = spoken.words.value?.lang ?? settings.lang.value
  return (
    <>
      <i class="room" />
      <div class="frame" style={{ '--page-font': settings.font.value }}>
        <div
          class={`card ${width}`}
          part="card"
          lang={spokenIn(lang)}
          dir={settings.dir.value || (directionOf(lang) === 'rtl' ? 'rtl' : undefined)}
          style={{ '--brand': accent }}
        >
          {children}
          {spoken.failed.value && (
            // No sentence of any language could be fetched, so a sign has to do.
            <button type="button" part="button" aria-label="Try again" onClick={spoken.retry}>
              ↻
            </button>
          )}
        </div>
      </div>
    </>
  )
}
