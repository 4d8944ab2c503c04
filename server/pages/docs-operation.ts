import { html } from 'hono/html'
import type { Document, Media, Operation } from '../openapi/document.ts'
import { bodyTables, parameterTable } from './docs-fields.ts'
import { prose } from './docs-prose.ts'

export type Listed = { method: string; path: string; operation: Operation }

const callers: Record<string, string> = {
  public: 'Anybody',
  publishable: 'Publishable key',
  secret: 'Secret key',
  partner: 'Partner key',
  session: 'Session',
  admin: 'Admin',
}

const credentials: Record<string, string> = {
  publishable: 'x-api-key: mislata_pk_…',
  secret: 'x-api-key: mislata_sk_…',
  partner: 'authorization: Bearer mislata_pa_…',
  session: 'authorization: Bearer $SESSION_TOKEN',
  admin: 'authorization: Bearer $ADMIN_TOKEN',
}

/** One route: what it is for, what it takes, what it answers, and what can go wrong. */
export function operationArticle({ method, path, operation }: Listed, document: Document) {
  const { operationId, summary, description, requestBody, parameters = [] } = operation
  const file = fileTypes(operation)
  const body = file ? undefined : requestBody?.content['application/json']
  const answers = answersOf(operation)
  return html`<article id="${operationId}" aria-labelledby="${operationId}-name">
<div>
<h3 id="${operationId}-name"><a href="#${operationId}">${summary}</a></h3>
<div class="route"><span class="verb ${method}">${method.toUpperCase()}</span><code>${path}</code></div>
<ul class="who" aria-label="Who may call">${operation['x-callers'].map(each => html`<li>${callers[each]}</li>`)}</ul>
<p>${prose(description)}</p>
${parameters.length ? parameterTable(parameters, document) : ''}
${body ? bodyTables(body.schema, document) : ''}
${file ? html`<p>The body is the file itself: ${file.map((type, at) => html`${at ? ', ' : ''}<code>${type}</code>`)}.</p>` : ''}
${errorList(operation)}
</div>
<div class="shown">
${code('Request', curl({ method, path, operation }, document))}
${otherBodies(body).map(([name, value]) => code(`Body: ${name}`, pretty(value)))}
${[...answers].map(([text, statuses]) => code(`Answer ${statuses.join(' or ')}`, text))}
</div>
</article>`
}

/** What is answered, by what it looks like: a post that is repeated may have the same answer under another status. */
function answersOf({ responses }: Operation) {
  const answers = new Map<string, string[]>()
  for (const [status, { content }] of Object.entries(responses).filter(([status]) => status < '300')) {
    for (const { example } of Object.values(content ?? {})) {
      const text = pretty(example)
      answers.set(text, [...(answers.get(text) ?? []), status])
    }
  }
  return answers
}

function errorList({ responses }: Operation) {
  const errors = Object.entries(responses).filter(([status]) => status >= '400' && status !== 'default')
  return html`<details><summary>What can go wrong</summary><ul class="errors">${errors.map(([status, { content }]) => {
    const codes = Object.keys(content?.['application/problem+json']?.examples ?? {})
    return html`<li><b>${status}</b><span>${codes.map(each => html`<a href="/docs/problems#${each}">${each}</a>`)}</span></li>`
  })}</ul></details>`
}

function code(caption: string, text: string) {
  return html`<figure class="code"><figcaption>${caption}</figcaption><pre tabindex="0"><code>${text}</code></pre></figure>`
}

/** What somebody would type into a shell. */
function curl({ method, path, operation }: Listed, { servers }: Document) {
  const { parameters = [], requestBody } = operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    return encodeURIComponent(String(parameters.find(each => each.in === 'path' && each.name === name)?.example ?? name))
  })
  const asked = parameters.filter(each => each.in === 'query' && each.required)
  const query = asked.length ? `?${new URLSearchParams(asked.map(each => [each.name, String(each.example)]))}` : ''
  const credential = credentials[operation['x-callers'].find(each => credentials[each]) ?? '']
  const isFile = fileTypes({ requestBody }) !== undefined
  const sent = isFile ? undefined : bodyOf(requestBody?.content['application/json'])
  const lines = [
    method === 'get' ? 'curl' : `curl -X ${method.toUpperCase()}`,
    `'${servers[0]?.url ?? ''}${filled}${query}'`,
    ...(credential ? [`-H ${credential.includes('$') ? `"${credential}"` : `'${credential}'`}`] : []),
    ...(parameters.some(each => each.$ref) ? [`-H 'idempotency-key: 7f3c1f5e-8a51-4b0c'`] : []),
    ...(isFile ? [`--data-binary @file.csv`] : []),
    ...(sent ? [`-H 'content-type: application/json'`, `-d '${pretty(sent).replaceAll("'", `'\\''`)}'`] : []),
  ]
  return lines.join(' \\\n  ')
}

/** In which kinds a route takes a file; nothing where it takes none. */
function fileTypes({ requestBody }: Pick<Operation, 'requestBody'>) {
  const types = Object.keys(requestBody?.content ?? {})
  return types.includes('application/octet-stream') ? types : undefined
}

function bodyOf(media: Media | undefined) {
  return media?.example ?? Object.values(media?.examples ?? {})[0]?.value
}

function otherBodies(media: Media | undefined) {
  return Object.entries(media?.examples ?? {})
    .slice(media?.example ? 0 : 1)
    .map(([name, { value }]) => [name, value] as const)
}

function pretty(value: unknown) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
