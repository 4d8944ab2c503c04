import { html } from 'hono/html'
import type { View } from './layout.ts'
import { shelf } from './shelf.ts'

export function home(): View {
  return {
    title: 'Kilnhouse: the front desk of your pottery studio',
    body: html`<section class="hero">
  <div class="wide">
    <div>
      <h1>Throw pots. We keep the front desk.</h1>
      <p class="lead">Classes, kiln shelves, members and money for pottery studios, in one quiet place. So the phone can stay clean.</p>
      <p class="acts"><a class="button" href="/signup">Open your studio</a><a class="button quiet" href="/pricing">See prices</a></p>
      <p class="fine">Free for 30 days, no card.</p>
    </div>
    ${shelf}
  </div>
</section>
<section class="wide three">
  <article><h2>Classes that fill themselves</h2><p>When somebody cancels on Monday, the next on the list is asked before you have wiped your hands.</p></article>
  <article><h2>The kiln, shelf by shelf</h2><p>Everybody sees when their piece goes in, how hot it gets and when it may be fetched. Nobody has to ask.</p></article>
  <article><h2>Members who pay on time</h2><p>Open-studio hours, clay and firings land on one bill on the first of the month.</p></article>
</section>
<section class="quote">
  <figure class="wide">
    <blockquote>On firing days I used to answer forty messages. Last Saturday there were two, and both were thank-yous.</blockquote>
    <figcaption>Ruth Klein, Klein Keramik, three kilns and 140 students</figcaption>
  </figure>
</section>
<section class="wide invite">
  <h2>Know a studio that should have this?</h2>
  <p>Send them here and earn a fifth of what they pay.</p>
  <p><a class="button quiet" href="/partners">Become a partner</a></p>
</section>`,
  }
}
