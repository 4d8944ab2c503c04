import { html } from 'hono/html'
import type { View } from './layout.ts'

export function partnerArea(publishableKey: string): View {
  return {
    title: 'Partner · Kilnhouse',
    partner: true,
    inside: true,
    body: html`<section class="wide page">
  <h1>Partner</h1>
  ${program(publishableKey)}
</section>`,
  }
}

export function referArea(): View {
  return {
    title: 'Invite a studio · Kilnhouse',
    partner: true,
    inside: true,
    body: html`<section class="wide page">
  <h1>Invite a studio</h1>
  <p class="lead">A friend with a kiln and a paper calendar? Bring them over, and both of you fire for free.</p>
  <mislata-refer></mislata-refer>
</section>`,
  }
}

/** The widget. Until its script has arrived, and where it cannot arrive, the text inside it is what people see. */
export function program(publishableKey: string) {
  return html`<mislata-program publishable-key="${publishableKey}">
    <p class="card">The partner area is on its way. If nothing comes, write to partners@kilnhouse.example.</p>
  </mislata-program>`
}
