import { html } from 'hono/html'
import type { Customer } from '../../backend/books.ts'
import { star } from './ornament.ts'

export type View = { title: string; body: ReturnType<typeof html> }

type Page = { view: View; path: string; customer: Customer | undefined; api: string; publishableKey: string; nonce: string }

export function layout({ view, path, customer, api, publishableKey, nonce }: Page) {
  const { title, body } = view
  return html`<!doctype html>
<html lang="ar-EG" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · دار الورّاق</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/print.css">
<link rel="stylesheet" href="/type.css">
<script async nonce="${nonce}" src="${api}/m.js" data-key="${publishableKey}"></script>
${customer ? html`<script type="module" nonce="${nonce}" src="/partner.js"></script>` : ''}
<script type="module" nonce="${nonce}" src="${api}/widget.js"></script>
</head>
<body>
<a class="skip" href="#main">إلى المحتوى</a>
<div id="wrapper">
<div id="header">
  <p class="issue"><span>القاهرة</span><span>كتبٌ ومجلّة</span><span>منذ ١٩٦٢</span></p>
  <p class="masthead"><a href="/">${star} دار الورّاق ${star}</a></p>
  <ul id="nav" role="navigation">
    ${link('/', 'الواجهة', path)}
    ${link('/partners', 'الشركاء', path)}
    ${customer ? html`${link('/app', 'حسابي', path)}${link('/app/partner', 'عائداتي', path)}${link('/app/refer', 'أصدقائي', path)}` : link('/login', 'الدخول', path)}
  </ul>
</div>
<div id="main" role="main" class="clearfix">
${body}
</div>
<div id="footer">
  <p>دار الورّاق شركة متخيَّلة. يعرض موقعها برنامج Mislata كما يستعمله عميل من عملائه.</p>
  ${customer ? html`<form method="post" action="/logout"><button class="btn">خروج</button></form>` : ''}
</div>
</div>
</body>
</html>`
}

function link(to: string, text: string, path: string) {
  return to === path
    ? html`<li class="active"><a href="${to}" aria-current="page">${text}</a></li>`
    : html`<li><a href="${to}">${text}</a></li>`
}
