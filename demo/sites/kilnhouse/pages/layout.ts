import { html } from 'hono/html'
import type { Customer } from '../../../backend/books.ts'

export type Markup = ReturnType<typeof html>

/** One page. `partner` says that the widget is on it; `inside` that it belongs to the customer app. */
export type View = { title: string; body: Markup; partner?: boolean; inside?: boolean }

type Page = { view: View; path: string; customer: Customer | undefined; api: string; publishableKey: string; nonce: string }

export function layout({ view, path, customer, api, publishableKey, nonce }: Page) {
  const { title, body, partner = false, inside = false } = view
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<meta name="description" content="Kilnhouse keeps classes, kilns and members of pottery studios in one quiet place.">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/frame.css">
<link rel="stylesheet" href="/pages.css">
<link rel="stylesheet" href="/studio.css">
<script async nonce="${nonce}" src="${api}/m.js" data-key="${publishableKey}"></script>
${partner && customer ? html`<script type="module" nonce="${nonce}" src="/partner.js"></script>` : ''}
${partner ? html`<script type="module" nonce="${nonce}" src="${api}/widget.js"></script>` : ''}
</head>
<body class="${inside ? 'inside' : 'outside'}">
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <div class="wide">
    <a class="name" href="${inside ? '/app' : '/'}">${mark} Kilnhouse</a>
    ${inside && customer ? appLinks(customer, path) : siteLinks(customer, path)}
  </div>
</header>
<main id="main">
${body}
</main>
<footer class="foot">
  <div class="wide">
    <p><strong>Kilnhouse</strong> is an invented company. Its site shows Mislata as a customer of Mislata would use it.</p>
    <nav aria-label="Footer"><a href="/pricing">Prices</a><a href="/partners">Partners</a>${customer ? html`<a href="/app">My studio</a>` : html`<a href="/login">Sign in</a>`}</nav>
  </div>
</footer>
</body>
</html>`
}

function siteLinks(customer: Customer | undefined, path: string) {
  return html`<nav aria-label="Main">
      ${link('/pricing', 'Prices', path)}
      ${link('/partners', 'Partners', path)}
      ${customer ? '' : link('/login', 'Sign in', path)}
    </nav>
    <a class="button small" href="${customer ? '/app' : '/signup'}">${customer ? 'My studio' : 'Try it free'}</a>`
}

function appLinks(customer: Customer, path: string) {
  return html`<nav aria-label="Studio">
      ${link('/app', 'Studio', path)}
      ${link('/app/partner', 'Partner', path)}
      ${link('/app/refer', 'Invite', path)}
    </nav>
    <form method="post" action="/logout"><button class="plain" title="Signed in as ${customer.name}">Sign out</button></form>`
}

function link(to: string, text: string, path: string) {
  return to === path ? html`<a href="${to}" aria-current="page">${text}</a>` : html`<a href="${to}">${text}</a>`
}

const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path class="clay" d="M8.500 2h7c-.4 3.600 1.700 5 3.300 8 2.200 4.200 1.300 8.400-2.300 11-.6.4-.7.600-.7 1H8.200c0-.4-.1-.6-.7-1C3.900 18.400 3 14.200 5.200 10 6.800 7 8.900 5.600 8.500 2z"/><path class="glaze" d="M4.100 13h15.800c.2 1.400 0 2.700-.5 4H4.600c-.5-1.300-.7-2.600-.5-4z"/></svg>`
