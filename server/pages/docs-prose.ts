import { html } from 'hono/html'

/** A sentence in which `this` is code. */
export function prose(text: string) {
  return text.split('`').map((part, at) => (at % 2 ? html`<code>${part}</code>` : part))
}
