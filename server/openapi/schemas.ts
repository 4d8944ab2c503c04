import { type ConversionConfig, toJsonSchemaDefs } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import * as admins from '../contract/admins.ts'
import * as affiliate from '../contract/affiliate.ts'
import * as applications from '../contract/applications.ts'
import * as audit from '../contract/audit.ts'
import * as auth from '../contract/auth.ts'
import * as commissions from '../contract/commissions.ts'
import * as consoleLists from '../contract/console.ts'
import * as conversions from '../contract/conversions.ts'
import * as customers from '../contract/customers.ts'
import * as deals from '../contract/deals.ts'
import * as events from '../contract/events.ts'
import * as exported from '../contract/export.ts'
import * as iban from '../contract/iban.ts'
import * as imported from '../contract/import.ts'
import * as ledger from '../contract/ledger.ts'
import * as mails from '../contract/mails.ts'
import * as mcp from '../contract/mcp.ts'
import * as money from '../contract/money.ts'
import * as overview from '../contract/overview.ts'
import * as paging from '../contract/paging.ts'
import * as partnerApi from '../contract/partner-api.ts'
import * as partnerMerges from '../contract/partner-merges.ts'
import * as partners from '../contract/partners.ts'
import * as payoutBatches from '../contract/payout-batches.ts'
import * as payoutResults from '../contract/payout-results.ts'
import * as payoutSettings from '../contract/payout-settings.ts'
import * as payouts from '../contract/payouts.ts'
import * as people from '../contract/people.ts'
import * as periods from '../contract/periods.ts'
import * as portal from '../contract/portal.ts'
import * as problem from '../contract/problem.ts'
import * as programs from '../contract/programs.ts'
import * as referrals from '../contract/referrals.ts'
import * as refunds from '../contract/refunds.ts'
import * as rewards from '../contract/rewards.ts'
import * as roles from '../contract/roles.ts'
import * as sending from '../contract/sending.ts'
import * as stats from '../contract/stats.ts'
import * as story from '../contract/story.ts'
import * as stripe from '../contract/stripe.ts'
import * as stuck from '../contract/stuck.ts'
import * as terms from '../contract/terms.ts'
import * as webhooks from '../contract/webhooks.ts'

type Schema = v.GenericSchema
export type JsonSchema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  default?: unknown
  description?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  maxItems?: number
  additionalProperties?: JsonSchema | boolean
}
export type Mode = 'input' | 'output'

/** The modules whose exports give schemas their names in the document. */
export const named = Object.entries({
  admins,
  affiliate,
  applications,
  audit,
  auth,
  commissions,
  console: consoleLists,
  conversions,
  customers,
  deals,
  events,
  export: exported,
  import: imported,
  iban,
  ledger,
  mails,
  mcp,
  money,
  overview,
  paging,
  'partner-api': partnerApi,
  'partner-merges': partnerMerges,
  partners,
  'payout-batches': payoutBatches,
  'payout-results': payoutResults,
  'payout-settings': payoutSettings,
  payouts,
  people,
  periods,
  portal,
  problem,
  programs,
  referrals,
  refunds,
  rewards,
  roles,
  sending,
  stats,
  story,
  stripe,
  stuck,
  terms,
  webhooks,
})

// A text or a number says what it is where it stands; what has parts is worth a name.
const STRUCTURES = ['object', 'strict_object', 'loose_object', 'variant', 'union', 'picklist']

/**
 * JSON Schema for schemas that were found in two ways of use. `input` is what may be sent, before any trimming and with
 * defaults left out; `output` is what is answered, where defaults are filled in. Checks that JSON Schema has no word for
 * are left out. A schema that differs in the two has a second component, `…Input`.
 */
export function jsonSchemas(wanted: { schema: Schema; mode: Mode }[]) {
  const names = nameSchemas()
  const byMode = { input: converted('input', names, wanted), output: converted('output', names, wanted) }
  const differing = differingNames(names, byMode)
  const answered = reachedFrom(
    wanted.filter(each => each.mode === 'output').map(each => names.get(each.schema) ?? anonymous(wanted, each.schema)),
    byMode.output,
  )
  const isTwo = (name: string) => differing.has(name) && answered.has(name)
  const nameIn = (name: string, mode: Mode) => (mode === 'input' && isTwo(name) ? `${name}Input` : name)

  const components: Record<string, JsonSchema> = {}
  const use = (json: JsonSchema, mode: Mode): JsonSchema =>
    JSON.parse(JSON.stringify(json), (key, value) => {
      if (key !== '$ref' || typeof value !== 'string') return value
      const name = value.slice('#/$defs/'.length)
      const component = nameIn(name, mode)
      if (!(component in components)) {
        components[component] = {}
        components[component] = use(byMode[mode].get(name) ?? {}, mode)
      }
      return `#/components/schemas/${component}`
    })
  const jsonOf = (schema: Schema, mode: Mode) => {
    const name = names.get(schema)
    return use(name ? { $ref: `#/$defs/${name}` } : (byMode[mode].get(anonymous(wanted, schema)) ?? {}), mode)
  }
  return { jsonOf, components: () => sorted(components) }
}

function nameSchemas() {
  const names = new Map<Schema, string>()
  const taken = new Set<string>()
  for (const [module, exports] of named) {
    for (const [exported, value] of Object.entries(exports)) {
      if (!isSchema(value) || names.has(value) || !STRUCTURES.includes(value.type)) continue
      const short = exported === 'ProblemReply' ? 'Problem' : exported
      const name = taken.has(short) ? `${pascal(module)}${short}` : short
      taken.add(name)
      names.set(value, name)
    }
  }
  return names
}

function converted(mode: Mode, names: Map<Schema, string>, wanted: { schema: Schema }[]) {
  const definitions = Object.fromEntries([...names].map(([schema, name]) => [name, schema]))
  for (const { schema } of wanted) if (!names.has(schema)) definitions[anonymous(wanted, schema)] = schema
  const config: ConversionConfig = {
    errorMode: 'ignore',
    typeMode: mode,
    overrideSchema: ({ valibotSchema, jsonSchema }) => (mode === 'output' ? filledIn(valibotSchema, jsonSchema) : undefined),
  }
  return new Map(Object.entries(toJsonSchemaDefs(definitions as never, config))) as Map<string, JsonSchema>
}

/** What has a default is always there in an answer. */
function filledIn(schema: unknown, json: object) {
  const entries = (schema as { entries?: Record<string, { default?: unknown }> }).entries
  if (!entries || !('required' in json)) return undefined
  const defaults = Object.keys(entries).filter(name => entries[name]?.default !== undefined)
  return defaults.length ? { ...json, required: [...(json.required as string[]), ...defaults] } : undefined
}

function differingNames(names: Map<Schema, string>, { input, output }: Record<Mode, Map<string, JsonSchema>>) {
  const differing = new Set<string>()
  for (let before = -1; before < differing.size; ) {
    before = differing.size
    for (const name of names.values()) {
      const text = JSON.stringify(input.get(name))
      const leadsToOne = [...differing].some(other => text.includes(`"#/$defs/${other}"`))
      if (leadsToOne || text !== JSON.stringify(output.get(name))) differing.add(name)
    }
  }
  return differing
}

function reachedFrom(start: string[], definitions: Map<string, JsonSchema>) {
  const reached = new Set(start)
  for (const name of reached) {
    for (const [, next = ''] of JSON.stringify(definitions.get(name) ?? {}).matchAll(/"#\/\$defs\/(\w+)"/g)) reached.add(next)
  }
  return reached
}

const anonymous = (wanted: { schema: Schema }[], schema: Schema) => `#${wanted.findIndex(each => each.schema === schema)}`

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'
}

function pascal(text: string) {
  return text.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function sorted<T>(record: Record<string, T>) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
