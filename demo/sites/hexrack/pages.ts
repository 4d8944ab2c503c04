import { html } from 'hono/html'
import type { Customer } from '../../backend/books.ts'
import type { View } from './layout.ts'

const regions = [
  ['FRA2', 'Frankfurt', '9950X', '1.2', 41],
  ['AMS1', 'Amsterdam', '9950X', '1.4', 12],
  ['IAD4', 'Ashburn', 'EPYC 9754', '0.9', 77],
  ['GRU1', 'São Paulo', '9950X', '2.0', 3],
  ['NRT2', 'Tokyo', 'EPYC 9754', '1.1', 28],
] as const

const boxes = [
  ['HX-1', '29', '4 cores, 16 GB', 'One match, 24 slots, no excuses.'],
  ['HX-3', '79', '8 cores, 64 GB', 'A community with a map rotation and opinions.'],
  ['HX-9', '390', '32 cores, 256 GB', 'A league. Overlays, admins, finals.'],
] as const

export function home(): View {
  return {
    title: 'Bare metal for games',
    body: html`<section class="hero">
  <div>
    <h1>No<br>neigh&shy;bors.</h1>
    <p>Bare-metal game servers. Nobody else's cron job in your overtime.</p>
    <p class="acts"><a class="hit" href="/login">Rent a box</a><a class="hit ghost" href="/partners">Get paid</a></p>
  </div>
  ${hive}
</section>
<section class="grid">
  ${boxes.map(
    ([name, amount, cores, promise]) =>
      html`<article><h2>${name}</h2><p class="price"><b>$${amount}</b> a month</p><p class="cores">${cores}</p><p>${promise}</p></article>`,
  )}
</section>
<section class="regions">
  <h2>Where it stands</h2>
  ${table}
</section>`,
  }
}

/** Signing in is picking a person, so that a visitor of the demonstration sees each side of it. */
export function login(customers: Customer[]): View {
  return {
    title: 'Console',
    body: html`<section class="who">
  <h1>Who goes?</h1>
  <p>A demonstration: pick a person. There are no passwords here.</p>
  <form method="post" action="/login">${customers.map(
    ({ id, name, about }) => html`<button name="customerId" value="${id}"><b>${name}</b><span>${about}</span></button>`,
  )}</form>
</section>`,
  }
}

export function overview(publishableKey: string): View {
  return {
    title: 'Boxes',
    inside: true,
    body: html`<h1 class="path">~/boxes</h1>
<div class="split">
  <ul class="boxes">
    ${[
      ['retakes-fra', 'HX-9', 62, '128.0'],
      ['scrims-fra', 'HX-3', 34, '128.0'],
      ['surf-nrt', 'HX-3', 17, '99.8'],
      ['test', 'HX-1', 2, '64.0'],
    ].map(
      ([name, size, load, tick]) =>
        html`<li><b>${name}</b><span>${size}</span><span>${tick} tick</span><meter min="0" max="100" value="${load}" aria-label="Load">${load}%</meter></li>`,
    )}
  </ul>
  <aside>
    <h2>Partnership</h2>
    <mislata-status theme="dark" publishable-key="${publishableKey}"></mislata-status>
  </aside>
</div>`,
  }
}

const table = html`<table>
    <thead><tr><th scope="col">Site</th><th scope="col">City</th><th scope="col">CPU</th><th scope="col">ms</th><th scope="col">Free</th></tr></thead>
    <tbody>${regions.map(
      ([site, city, cpu, ms, free]) =>
        html`<tr><th scope="row">${site}</th><td>${city}</td><td>${cpu}</td><td>${ms}</td><td class="${free < 10 ? 'few' : ''}">${free}</td></tr>`,
    )}</tbody>
  </table>`

// Seven rows of hexagons, of which some are rented.
const hive = html`<svg class="hive" viewBox="0 0 420 380" aria-hidden="true">${Array.from({ length: 49 }, (_, nth) => {
  const [row, column] = [Math.floor(nth / 7), nth % 7]
  const [x, y] = [30 + column * 56 + (row % 2) * 28, 34 + row * 49]
  const kind = [3, 9, 10, 16, 17, 18, 24, 31, 32, 38, 40, 45].includes(nth) ? 'on' : nth % 5 === 2 ? 'dim' : ''
  return html`<path class="${kind}" d="M${x} ${y - 29}l25 14.500v29l-25 14.500l-25-14.500v-29z"/>`
})}</svg>`
