import { Hono } from 'hono'
import { html } from 'hono/html'
import { knownProblems } from '../problem.ts'
import { page } from './frame.ts'

/** The front page, and the page that the `type` of every problem leads to. */
export function plainPages() {
  return new Hono()
    .get('/', c =>
      page(
        c,
        'Mislata',
        html`<h1>Mislata is running</h1><p>This server answers the pages and backends of a partner programme.</p><p><a href="/console">The console, for whoever runs the programme</a><br><a href="/docs">The API, route by route</a><br><a href="/openapi.json">The same as an OpenAPI document</a><br><a href="/docs/problems">What each error code means</a></p>`,
      ),
    )
    .get('/docs/problems', c =>
      page(
        c,
        'Error codes',
        html`<h1>Error codes</h1><p class="muted">Every error has one of these in <code>code</code>. Codes stay; sentences may change.</p>
          <dl>${knownProblems().map(({ code, status, title, detail }) => html`<dt id="${code}">${status} ${code}</dt><dd>${title}. ${detail}</dd>`)}</dl>`,
      ),
    )
}
