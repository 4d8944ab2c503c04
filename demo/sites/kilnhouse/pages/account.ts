import { randomUUID } from 'node:crypto'
import { html } from 'hono/html'
import type { Customer, Purchase } from '../../../backend/books.ts'
import { type Plan, planOf, plans, price } from '../plans.ts'
import type { View } from './layout.ts'

export function account(customer: Customer, purchases: Purchase[], publishableKey: string): View {
  const current = planOf(customer)
  return {
    title: 'Studio · Kilnhouse',
    partner: true,
    inside: true,
    body: html`<section class="wide page">
  <h1>Good to see you, ${customer.name.split(/\s+/)[0]}</h1>
  <p class="lead">${current ? html`Your studio is on <strong>${current.name}</strong>.` : 'Your studio is on the free trial. Pick a plan to keep it open.'}</p>
  <div class="columns">
    <div>
      <h2>This week</h2>
      ${week}
    </div>
    <div>
      <h2>Your account</h2>
      <dl class="facts">
        <div><dt>Name</dt><dd>${customer.name}</dd></div>
        <div><dt>Email</dt><dd>${customer.email}</dd></div>
        <div><dt>Plan</dt><dd>${current?.name ?? 'Free trial'}</dd></div>
      </dl>
      <h2 class="gap">Your partnership</h2>
      <mislata-status publishable-key="${publishableKey}"></mislata-status>
    </div>
  </div>
  <h2 class="gap">Plans</h2>
  <div class="offers">${plans.map(plan => offer(plan, plan === current))}</div>
  ${purchases.length > 0 ? receipts(purchases) : ''}
</section>`,
  }
}

// The order's number is in the form, so that sending it twice buys once.
function offer(plan: Plan, current: boolean) {
  return html`<form class="offer" method="post" action="/buy">
  <input type="hidden" name="plan" value="${plan.id}">
  <input type="hidden" name="order" value="order_${randomUUID()}">
  <div><h3>${plan.name}</h3><p>${plan.promise}</p></div>
  <p class="price"><strong>${price(plan.amount, plan.currency)}</strong> a ${plan.per}</p>
  ${current ? html`<p class="mine">Your plan</p>` : html`<button class="button">Buy ${plan.name}</button>`}
</form>`
}

function receipts(purchases: Purchase[]) {
  const day = new Intl.DateTimeFormat('en-IE', { day: 'numeric', month: 'long', year: 'numeric' })
  return html`<h2 class="gap">Receipts</h2>
  <table class="receipts">
    <thead><tr><th scope="col">Date</th><th scope="col">For</th><th scope="col" class="end">Paid</th></tr></thead>
    <tbody>${purchases.map(
      one =>
        html`<tr><td>${day.format(new Date(one.boughtAt))}</td><td>${one.plan}</td><td class="end">${price(one.amount, one.currency)}</td></tr>`,
    )}</tbody>
  </table>
  <p class="fine">A demonstration: nothing has been charged.</p>`
}

const week = html`<ul class="week">
        <li><span><strong>Wheel, beginners</strong><br>Tuesday 18:30</span><span class="places">7 of 8</span></li>
        <li><span><strong>Bisque firing</strong><br>Wednesday 9:00, kiln 1</span><span class="places">4 shelves</span></li>
        <li><span><strong>Open studio</strong><br>Thursday 17:00</span><span class="places">5 of 12</span></li>
        <li><span><strong>Glazing with Ruth</strong><br>Saturday 10:00</span><span class="places full">Full, 3 waiting</span></li>
      </ul>`
