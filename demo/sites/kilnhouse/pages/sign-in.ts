import { html } from 'hono/html'
import type { Customer } from '../../../backend/books.ts'
import { planOf } from '../plans.ts'
import type { View } from './layout.ts'

type SignUp = { name?: string; email?: string; wrong?: { name?: string; email?: string } }

export function signup({ name = '', email = '', wrong = {} }: SignUp): View {
  return {
    title: wrong.name || wrong.email ? 'Please check: open your studio · Kilnhouse' : 'Open your studio · Kilnhouse',
    body: html`<section class="narrow desk">
  <h1>Open your studio</h1>
  <p class="lead">Free for 30 days. No card, and your list of students stays yours.</p>
  <form class="card" method="post" action="/signup" novalidate>
    ${field({ id: 'name', label: 'Your name', type: 'text', complete: 'name', value: name, wrong: wrong.name })}
    ${field({ id: 'email', label: 'Email', type: 'email', complete: 'email', value: email, wrong: wrong.email })}
    <button class="button">Sign up</button>
    <p class="fine">This is a demonstration: use any address at example.com. No password is asked for, no mail is sent.</p>
  </form>
  <p class="aside">Already here? <a href="/login">Sign in</a></p>
</section>`,
  }
}

/** Signing in is picking a person, so that a visitor of the demonstration sees each side of it. */
export function login(customers: Customer[]): View {
  return {
    title: 'Sign in · Kilnhouse',
    body: html`<section class="narrow desk">
  <h1>Sign in</h1>
  <p class="note"><strong>Demonstration.</strong> Pick a person. There are no passwords here.</p>
  ${
    customers.length === 0
      ? html`<p class="card">Nobody has signed up yet. <a href="/signup">Open the first studio</a></p>`
      : html`<form class="people" method="post" action="/login">${customers.map(person)}</form>`
  }
  <p class="aside">Somebody new? <a href="/signup">Open a studio</a></p>
</section>`,
  }
}

function person(customer: Customer) {
  const { id, name, email, about } = customer
  const initials = name
    .split(/\s+/)
    .map(word => [...word][0])
    .slice(0, 2)
    .join('')
  return html`<button name="customerId" value="${id}">
  <span class="face" aria-hidden="true">${initials}</span>
  <span><strong>${name}</strong> <span class="mail">${email}</span> <span>${about ?? planOf(customer)?.name ?? 'On the free trial'}</span></span>
</button>`
}

type Field = { id: string; label: string; type: string; complete: string; value: string; wrong: string | undefined }

function field({ id, label, type, complete, value, wrong }: Field) {
  const state = wrong ? html`aria-invalid="true" aria-describedby="${id}-wrong"` : ''
  return html`<div class="field">
  <label for="${id}">${label}</label>
  <input id="${id}" name="${id}" type="${type}" autocomplete="${complete}" maxlength="200" required value="${value}" ${state}>
  ${wrong ? html`<p class="wrong" id="${id}-wrong">${wrong}</p>` : ''}
</div>`
}
