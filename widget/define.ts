import { type Emit, type Settings, type Stage, WidgetElement } from './element.ts'
import { type Around, enterLater } from './later.tsx'
import { enter } from './stage.tsx'

type Enter = (around: Around) => Stage

// One element for each thing that a page can show; the next one is another line here.
const elements: Record<string, Enter> = {
  'mislata-program': around => enter('program', around),
  'mislata-apply': around => enter('apply', around),
  'mislata-status': around => enter('status', around),
  'mislata-dashboard': around => enter('dashboard', around),
  'mislata-refer': around => enterLater(() => import('./refer.tsx'), around),
}

export function defineAll() {
  for (const [tag, begin] of Object.entries(elements)) define(tag, begin)
}

function define(tag: string, begin: Enter) {
  // A second copy of the script on the page leaves the first in charge.
  if (!globalThis.customElements || customElements.get(tag)) return
  customElements.define(
    tag,
    class extends WidgetElement {
      protected override enter(settings: Settings, emit: Emit, root: ShadowRoot) {
        return begin({ settings, emit, root })
      }
    },
  )
}
