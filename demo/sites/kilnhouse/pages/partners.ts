import { html } from 'hono/html'
import type { View } from './layout.ts'
import { program } from './partner-area.ts'

/** A visitor reads and applies side by side; somebody signed in may have a dashboard, which takes the whole width. */
export function partners(publishableKey: string, { signedIn }: { signedIn: boolean }): View {
  return {
    title: 'Partners · Kilnhouse',
    partner: true,
    body: html`<section class="wide page${signedIn ? '' : ' split'}">
  <div>
  <h1>Know a studio? We pay you for the introduction</h1>
  <p class="lead">Potters listen to potters. Tell them about Kilnhouse in a newsletter, a video or over a bag of clay, and a fifth of what they pay is yours.</p>
  <ol class="steps">
    <li><strong>Share your link.</strong> It remembers who sent the visitor for 30 days.</li>
    <li><strong>They open a studio.</strong> You see the sign-up and each payment as it happens.</li>
    <li><strong>You earn 20%.</strong> €119.60 for a year of Pro, approved 30 days after the payment.</li>
  </ol>
  </div>
  ${program(publishableKey)}
</section>`,
  }
}
