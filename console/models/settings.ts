import { decimal, exponent } from '../../server/contract/money.ts'
import type { Program as Reply } from '../../server/contract/programs.ts'
import type { TermsPreviewReport } from '../../server/contract/terms.ts'
import { ask } from '../api.ts'
import { Failure } from '../failure.ts'
import type { Answers } from './acts.ts'
import { app, may, refresh } from './session.ts'
import { groups, type SettingField, type SettingGroup } from './setting-fields.ts'

export type Settings = Reply
export type Preview = TermsPreviewReport

/** What a setting stands at, by its path. */
export function valueAt(settings: Settings, path: string): unknown {
  return path.split('.').reduce<unknown>((within, name) => Object(within)[name], settings)
}

/** The same as its field has it. */
export function shownAt(settings: Settings, { path, kind }: SettingField): string {
  const value = valueAt(settings, path)
  if (value === null || value === undefined) return ''
  if (kind === 'money') return String(decimal(Number(value), settings.currency))
  if (kind === 'lines') return (value as string[]).join('\n')
  if (kind === 'rates') return settings.commission.products.map(each => `${each.productId} ${each.rate}`).join('\n')
  if (kind === 'minimums') return settings.minPayoutAmounts.map(each => `${each.currency} ${each.amount}`).join('\n')
  return String(value)
}

const linesOf = (text: string) => text.split('\n').flatMap(line => line.trim() || [])

// The last word of a line is its number; what is none is left for the server to refuse, by the line.
const withNumber = (line: string) => {
  const [, name = line, number = ''] = line.match(/^(.*?)[\s,;=]+(\S+)$/) ?? []
  return [name, number === '' ? null : Number(number.replace('%', ''))] as const
}

function given({ path, kind, optional, options = [] }: SettingField, answers: Answers, currency: string): unknown {
  const text = answers[path] ?? ''
  if (kind === 'check') return text === 'on'
  if (kind === 'ticks') return options.flatMap(([value]) => (answers[`${path} ${value}`] ? value : []))
  if (kind === 'lines') return linesOf(text)
  if (kind === 'rates')
    return linesOf(text).map(line => {
      const [productId, rate] = withNumber(line)
      return { productId, rate }
    })
  if (kind === 'minimums')
    return linesOf(text).map(line => {
      const [currency, amount] = withNumber(line)
      return { currency, amount }
    })
  if (text === '' && optional) return null
  if (kind === 'number') return Number(text)
  if (kind === 'money') return Math.round(Number(text) * 10 ** exponent(currency))
  return text
}

/** What a form's answers change, as PATCH takes it: of the fields that this role may change. */
export function changeOf(fields: readonly SettingField[], answers: Answers, currency: string) {
  const change: Record<string, unknown> = {}
  for (const field of fields) {
    if (field.own && !may.own.peek()) continue
    const [group = '', name] = field.path.split('.')
    const value = given(field, answers, currency)
    if (name === undefined) change[group] = value
    else change[group] = { ...Object(change[group]), [name]: value }
  }
  return change
}

/** Changes settings. What the server has against the third line of a field stands below that field. */
export async function save(change: object, fields: readonly { path: string }[]): Promise<Settings> {
  try {
    const saved = await ask<Settings>('PATCH', app(), { body: change })
    void refresh()
    return saved
  } catch (error) {
    throw atFields(Failure.from(error), fields)
  }
}

function atFields(failure: Failure, fields: readonly { path: string }[]) {
  const own = failure.fields.map(({ path, message }) => {
    const field = fields.find(each => path === each.path || path.startsWith(`${each.path}.`))
    const line = field && path.slice(field.path.length + 1).match(/^\d+/)
    if (line) return { path: field.path, message: `Line ${Number(line[0]) + 1}: ${message}` }
    return { path: path === 'commission' ? 'commission.flatAmount' : path, message }
  })
  const { code, message: title, status, detail, seconds, requestId } = failure
  return new Failure(code, { title, status, detail, seconds, requestId, fields: own })
}

/** What other terms would have made of what has been paid in a span of days. */
export async function preview(span: { from: string; to: string; referrals: string }, answers: Answers, currency: string) {
  const fields = (groups.find(each => each.path === 'terms') as SettingGroup).fields.filter(({ path }) =>
    /^(defaultCommissionRate|holdingPeriodDays|commission\.)/.test(path),
  )
  try {
    return await ask<Preview>('POST', app('/terms/preview'), { body: { ...span, ...changeOf(fields, answers, currency) } })
  } catch (error) {
    throw atFields(Failure.from(error), fields)
  }
}
