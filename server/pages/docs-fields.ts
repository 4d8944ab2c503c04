import { html } from 'hono/html'
import type { Document, Parameter } from '../openapi/document.ts'
import type { JsonSchema } from '../openapi/schemas.ts'
import { prose } from './docs-prose.ts'

type Row = { name: string; type: string; needed: boolean; note: string }
// Deeper than this nobody reads a table; the example shows the rest.
const DEEPEST = 3

/** Where a request takes them: one table for the path, the query and the headers. */
export function parameterTable(parameters: Parameter[], document: Document) {
  const rows = parameters.map(each => {
    const { name, in: where, required = false, description = '', schema } = parameterOf(each, document)
    return {
      name,
      type: `${typeOf(schema, document)}, ${where}`,
      needed: required,
      note: [description, limitsOf(schema)].join(' ').trim(),
    }
  })
  return table('Parameters', rows)
}

/** The fields of a body, those of its parts below them; one table for each form that it may have. */
export function bodyTables(schema: JsonSchema, document: Document) {
  const whole = resolved(schema, document)
  const forms = whole.oneOf ?? whole.anyOf
  if (!forms) return table('Body', rowsOf(whole, document))
  return forms.map((form, at) => table(`Body, ${at ? 'or' : 'either'}`, rowsOf(resolved(form, document), document)))
}

function table(caption: string, rows: Row[]) {
  if (!rows.length) return ''
  return html`<table><caption>${caption}</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Says</th></tr></thead><tbody>${rows.map(
    ({ name, type, needed, note }) =>
      html`<tr><td><code>${name}</code>${needed ? html` <span class="need">needed</span>` : ''}</td><td>${type}</td><td>${prose(note)}</td></tr>`,
  )}</tbody></table>`
}

function rowsOf(schema: JsonSchema, document: Document, above = '', depth = 1): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = innerOf(field, document)
    const path = `${above}${name}`
    const row = {
      name: path,
      type: typeOf(field, document),
      needed: schema.required?.includes(name) ?? false,
      note: [field.description ?? '', limitsOf(inner.type === 'array' ? field : inner, field.default)].join(' ').trim(),
    }
    const part = inner.type === 'array' ? innerOf(inner.items ?? {}, document) : inner
    const below = depth < DEEPEST ? rowsOf(part, document, `${path}${inner.type === 'array' ? '[]' : ''}.`, depth + 1) : []
    return [row, ...below]
  })
}

function typeOf(schema: JsonSchema, document: Document): string {
  const whole = resolved(schema, document)
  const orNull = whole.anyOf?.some(each => each.type === 'null') ? ' or null' : ''
  const inner = innerOf(whole, document)
  if (inner.const !== undefined) return `${JSON.stringify(inner.const)}${orNull}`
  if (inner.type === 'array') return `list of ${typeOf(inner.items ?? {}, document)}${orNull}`
  if (inner.format === 'date-time') return `time${orNull}`
  if (inner.format === 'email') return `address${orNull}`
  const words: Record<string, string> = { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }
  const type = String(inner.type ?? (inner.oneOf || inner.anyOf ? 'one of several' : 'anything'))
  return `${words[type] ?? type}${orNull}`
}

function limitsOf({ enum: choices, minimum, maximum, maxLength, maxItems, default: own }: JsonSchema, preset: unknown = own) {
  const least = minimum !== undefined && minimum > -(2 ** 53) + 1 ? `from ${minimum}` : ''
  const most = maximum !== undefined && maximum < 2 ** 53 - 1 ? `to ${maximum}` : ''
  const said = [
    choices?.map(each => `\`${each}\``).join(', ') ?? '',
    `${least} ${most}`.trim(),
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
    isWorthSaying(preset) ? `default \`${typeof preset === 'string' ? preset : JSON.stringify(preset)}\`` : '',
  ]
  return said
    .filter(Boolean)
    .map(each => `${each[0]?.toUpperCase()}${each.slice(1)}.`)
    .join(' ')
}

function isWorthSaying(preset: unknown) {
  return preset !== undefined && preset !== null && JSON.stringify(preset) !== '{}' && JSON.stringify(preset) !== '[]'
}

/** What stands beside null, or the schema itself. */
function innerOf(schema: JsonSchema, document: Document): JsonSchema {
  const whole = resolved(schema, document)
  const others = whole.anyOf?.filter(each => each.type !== 'null')
  return others?.length === 1 && others[0] ? resolved(others[0], document) : whole
}

function resolved(schema: JsonSchema, { components }: Document): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name ? { ...components.schemas[name], ...schema } : schema
}

function parameterOf(parameter: Parameter, { components }: Document): Parameter {
  const name = parameter.$ref?.split('/').at(-1)
  return name ? (components.parameters?.[name] as Parameter) : parameter
}
