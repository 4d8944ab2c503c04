import { html } from 'hono/html'
import type { View } from './layout.ts'

// The site decides itself which element stands where, and so uses the separate ones. It is dark for everybody: it says so.

export function partners(publishableKey: string): View {
  return {
    title: 'Get paid',
    body: html`<section class="pitch">
  <div>
    <h1>A quarter.<br>Every month.<br><em>For good.</em></h1>
    <dl class="terms">
      <div><dt>Share</dt><dd>25%</dd></div>
      <div><dt>Held</dt><dd>14 d</dd></div>
      <div><dt>Cookie</dt><dd>30 d</dd></div>
      <div><dt>Link</dt><dd>1st</dd></div>
    </dl>
    <p>You play on it anyway. Put the link under the video, tell people what you rent, and take 25% of each bill for as long as the box is up.</p>
  </div>
  <mislata-apply theme="dark" publishable-key="${publishableKey}"></mislata-apply>
</section>`,
  }
}

export function partnerArea(publishableKey: string): View {
  return {
    title: 'Earnings',
    inside: true,
    body: html`<h1 class="path">~/earnings</h1>
<mislata-dashboard theme="dark" publishable-key="${publishableKey}"></mislata-dashboard>`,
  }
}

export function referArea(): View {
  return {
    title: 'Squad',
    inside: true,
    body: html`<h1 class="path">~/squad</h1>
<mislata-refer theme="dark"></mislata-refer>`,
  }
}
