import { type Emit, type Events, type GetToken, type Settings, WidgetElement } from './element.ts'
import type { Wants } from './models/membership.ts'
import { enter } from './stage.tsx'
import type { Wording } from './wording/wording.ts'

export type { Events, GetToken, WidgetElement, Wording }

// One element for each thing that a page can show; the next one is another line here.
const elements: Record<string, Wants> = {
  'mislata-program': 'program',
  'mislata-apply': 'apply',
  'mislata-status': 'status',
  'mislata-dashboard': 'dashboard',
}

for (const [tag, wants] of Object.entries(elements)) define(tag, wants)

function define(tag: string, wants: Wants) {
  // A second copy of the script on the page leaves the first in charge.
  if (!globalThis.customElements || customElements.get(tag)) return
  customElements.define(
    tag,
    class extends WidgetElement {
      protected override enter(settings: Settings, emit: Emit, root: ShadowRoot) {
        return enter(wants, { settings, emit, root })
      }
    },
  )
}

declare global {
  interface HTMLElementTagNameMap {
    'mislata-program': WidgetElement
    'mislata-apply': WidgetElement
    'mislata-status': WidgetElement
    'mislata-dashboard': WidgetElement
  }
  interface GlobalEventHandlersEventMap {
    'mislata:ready': CustomEvent<Events['ready']>
    'mislata:applied': CustomEvent<Events['applied']>
    'mislata:status': CustomEvent<Events['status']>
    'mislata:error': CustomEvent<Events['error']>
    'mislata:copied': CustomEvent<Events['copied']>
  }
}
