import type { Wording } from './wording/wording.ts'

// What a page's own code may know of the elements. It stands apart from them because `mislata/widget` declares it, and
// there nothing is of Preact.
export type { Wording }

/** Resolves to the session token of whoever is signed in, or to nothing. */
export type GetToken = () => Promise<string | null | undefined>

/** What each event tells, by the event's name without `mislata:`. */
export type Events = {
  ready: Record<string, never>
  applied: Record<string, never>
  status: { status: string }
  error: { code: string }
  copied: { text: string }
}

/** Each of the five elements. */
export interface MislataElement extends HTMLElement {
  /** Called when a token is needed, again within half a minute of its end, and once when the server refuses it. */
  getToken: GetToken | undefined
  /** Sentences in place of our own. */
  wording: Partial<Wording>
}

declare global {
  interface HTMLElementTagNameMap {
    'mislata-program': MislataElement
    'mislata-apply': MislataElement
    'mislata-status': MislataElement
    'mislata-dashboard': MislataElement
    'mislata-refer': MislataElement
  }
  interface GlobalEventHandlersEventMap {
    'mislata:ready': CustomEvent<Events['ready']>
    'mislata:applied': CustomEvent<Events['applied']>
    'mislata:status': CustomEvent<Events['status']>
    'mislata:error': CustomEvent<Events['error']>
    'mislata:copied': CustomEvent<Events['copied']>
  }
}
