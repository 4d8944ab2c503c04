import { html } from 'hono/html'
import { type Plan, plans, price } from '../plans.ts'
import type { View } from './layout.ts'

export function pricing(): View {
  return {
    title: 'Prices · Kilnhouse',
    body: html`<section class="wide page">
  <h1>Three plans, no small print</h1>
  <p class="lead">Try everything for 30 days. Leave whenever you like and take your list of students along.</p>
  <div class="plans">${plans.map(card)}</div>
  <h2 class="gap">Asked at every open day</h2>
  <dl class="answers">
    <div><dt>Do you take a share of bookings?</dt><dd>No. Card fees go to the bank, the rest goes to you.</dd></div>
    <div><dt>Can students book without an account?</dt><dd>Yes. A name, an address and the date are enough.</dd></div>
    <div><dt>What happens on a kiln failure?</dt><dd>Mark the firing as lost: everybody with a piece in it gets one message, and the queue moves.</dd></div>
  </dl>
</section>`,
  }
}

function card(plan: Plan) {
  return html`<article class="plan${isAdvised(plan) ? ' first' : ''}">
  <h2>${plan.name.split(',')[0]}</h2>
  <p>${plan.promise}</p>
  <p class="price"><strong>${price(plan.amount, plan.currency)}</strong> a ${plan.per}</p>
  <a class="button${isAdvised(plan) ? '' : ' quiet'}" href="/signup">Start with ${plan.name.split(',')[0]}</a>
  <ul>${plan.holds.map(line => html`<li>${line}</li>`)}</ul>
</article>`
}

function isAdvised({ id }: Plan) {
  return id === 'pro-yearly'
}
