import { html } from 'hono/html'
import type { Customer } from '../../backend/books.ts'

/** One page. `inside` says that it belongs to the console. */
export type View = { title: string; body: ReturnType<typeof html>; inside?: boolean }

type Page = { view: View; path: string; customer: Customer | undefined; api: string; publishableKey: string; nonce: string }

export function layout({ view, path, customer, api, publishableKey, nonce }: Page) {
  const { title, body, inside = false } = view
  return html`<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<title>${title} / Hexrack</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/reset.css">
<link rel="stylesheet" href="/rack.css">
<link rel="stylesheet" href="/console.css">
<script async nonce="${nonce}" src="${api}/m.js" data-key="${publishableKey}" data-attribution="first"></script>
${customer ? html`<script type="module" nonce="${nonce}" src="/partner.js"></script>` : ''}
<script type="module" nonce="${nonce}" src="${api}/widget.js"></script>
</head>
<body class="${inside ? 'inside' : 'outside'}">
<a class="skip" href="#main">Skip to content</a>
<header class="bar">
  <a class="name" href="${inside ? '/app' : '/'}">${mark} HEXRACK</a>
  ${
    inside
      ? html`<form method="post" action="/logout"><span class="whoami">${customer?.name}</span><button>exit</button></form>`
      : html`<p class="pings" aria-label="Latency by region"><span>FRA 1.2</span><span>AMS 1.4</span><span>IAD 0.9</span><span>GRU 2.0</span><span>NRT 1.1</span></p>
  <nav aria-label="Main">${link('/partners', 'Get paid', path)}${link(customer ? '/app' : '/login', 'Console', path)}</nav>`
  }
</header>
${
  inside
    ? html`<nav class="rail" aria-label="Console">
  ${link('/app', 'Boxes', path)}${link('/app/partner', 'Earnings', path)}${link('/app/refer', 'Squad', path)}
  <p class="load" aria-hidden="true">${Array.from({ length: 24 }, (_, nth) => html`<i class="${nth < 9 ? 'on' : ''}"></i>`)}</p>
</nav>`
    : ''
}
<main id="main">
${body}
</main>
<footer class="end"><p>HEXRACK is an invented company. Its site shows Mislata as a customer of Mislata would use it.</p></footer>
</body>
</html>`
}

function link(to: string, text: string, path: string) {
  return to === path ? html`<a href="${to}" aria-current="page">${text}</a>` : html`<a href="${to}">${text}</a>`
}

const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 1l9.500 5.500v11L12 23l-9.500-5.500v-11z"/><path class="hole" d="M7 8.500h10M7 12h10M7 15.500h6"/></svg>`
