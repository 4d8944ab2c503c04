import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { Document } from '../openapi/document.ts'
import { packed } from '../packed.ts'
import { type Listed, operationArticle } from './docs-operation.ts'
import { prose } from './docs-prose.ts'
import { style } from './docs-style.ts'

type Page = { send: ReturnType<typeof packed>; etag: string }

const styleHash = createHash('sha256').update(style).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`

/** The reference: the OpenAPI document as a page to read. It runs no script and loads nothing; it is made once. */
export function docsPage(document: (c: Context) => Promise<Document>) {
  let made: Promise<Page> | undefined
  return new Hono().get('/docs', async c => {
    made ??= document(c).then(written)
    const { send, etag } = await made
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-cache',
      etag,
    }
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
    return send(c, headers)
  })
}

async function written(document: Document): Promise<Page> {
  const text = String(await reference(document))
  return { send: packed(Buffer.from(text)), etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}

function reference(document: Document) {
  const { info, tags } = document
  const all = listed(document)
  const sections = tags.map(tag => ({
    ...tag,
    id: slug(tag.name),
    listed: all.filter(each => each.operation.tags[0] === tag.name),
  }))
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${info.title} API</title><style>${raw(style)}</style></head><body>
<a class="skip" href="#content">To the text</a>
<nav id="contents" aria-label="Contents" tabindex="-1"><strong><a href="#content">${info.title} API</a></strong><ul>${sections.map(
    ({ id, name, listed }) =>
      html`<li><a href="#${id}">${name}</a><ul>${listed.map(
        ({ method, operation }) =>
          html`<li><a href="#${operation.operationId}"><span class="verb ${method}">${short(method)}</span>${operation.summary}</a></li>`,
      )}</ul></li>`,
  )}</ul></nav>
<main id="content">${opening(document)}${sections.map(
    ({ id, name, description, listed }) =>
      html`<section aria-labelledby="${id}"><header><h2 id="${id}"><a href="#${id}">${name}</a></h2><p>${prose(description)}</p></header>${listed.map(each => operationArticle(each, document))}</section>`,
  )}</main></body></html>`
}

function opening({ info, servers, components }: Document) {
  const schemes = Object.entries(components.securitySchemes ?? {}) as [string, { description: string; name?: string }][]
  return html`<h1>${info.title} API</h1>
${info.description.split('\n\n').map(each => (each.startsWith('### ') ? html`<h2 class="minor">${each.slice(4)}</h2>` : html`<p>${prose(each)}</p>`))}
<p class="small"><a href="/openapi.json">The same as an OpenAPI 3.1 document</a> · <a href="/docs/problems">Every error code</a> · Base address <code>${servers[0]?.url}</code></p>
<table class="wide"><caption>Who calls</caption><thead><tr><th scope="col">Credential</th><th scope="col">Sent as</th><th scope="col">Says</th></tr></thead><tbody>${schemes.map(
    ([name, scheme]) => html`<tr><td>${spaced(name)}</td><td>${sentAs(scheme)}</td><td>${prose(scheme.description)}</td></tr>`,
  )}</tbody></table>`
}

function sentAs(scheme: { name?: string }) {
  return html`<code>${scheme.name ?? 'authorization: Bearer'}</code>`
}

function listed({ paths }: Document): Listed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  )
}

const slug = (name: string) => name.toLowerCase().replace(/\W+/g, '-')
const short = (method: string) => (method === 'delete' ? 'DEL' : method.toUpperCase())
const spaced = (name: string) =>
  name.replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace(/^./, first => first.toUpperCase())
