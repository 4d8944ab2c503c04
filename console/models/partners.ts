import { exponent, minor } from '../../server/contract/money.ts'
import type { Partner as Reply } from '../../server/contract/partners.ts'
import { ask } from '../api.ts'
import { Failure } from '../failure.ts'
import type { Answers } from './acts.ts'
import { program } from './session.ts'

export type Partner = Reply
export type PartnerWithStats = Partner & {
  stats: Record<'total_commissions' | 'total_earned_cents' | 'pending_cents' | 'approved_cents' | 'paid_cents', number>
}

const PATH = '/api/v1/partners'
const inProgram = () => ({ appId: program.peek()?.id })

export const partnersPath = PATH
/** One partner of the program that is shown. */
export const partnerPath = (id: string) => `${PATH}/${encodeURIComponent(id)}?appId=${program.value?.id ?? ''}`

export const nameOf = ({ first_name, last_name, email }: Partner) => [first_name, last_name].filter(Boolean).join(' ') || email

export function create(answers: Answers) {
  return ask<Partner>('POST', PATH, { query: inProgram(), body: fields(answers) })
}

/** Changes what was answered otherwise than it stands; nothing else is sent. */
export function change(partner: Partner, answers: Answers) {
  const given = Object.entries(fields(answers))
  const changed = given.filter(([name, value]) => value !== (partner[name as keyof Partner] ?? null))
  if (!changed.length) return Promise.resolve(partner)
  return ask<Partner>('PATCH', `${PATH}/${partner.id}`, { query: inProgram(), body: Object.fromEntries(changed) })
}

export const deactivate = (id: string) => ask<Partner>('DELETE', `${PATH}/${id}`, { query: inProgram() })
export const reactivate = (id: string) =>
  ask<Partner>('PATCH', `${PATH}/${id}`, { query: inProgram(), body: { status: 'active' } })

/** What merging a partner into another will mean, and where it is done. */
export const mergePath = (id: string, into?: string) =>
  `/v1/apps/${program.peek()?.id}/partners/${encodeURIComponent(id)}/merge${into ? `?into=${encodeURIComponent(into)}` : ''}`
export const mergeInto = (id: string, into: string) => ask<unknown>('POST', mergePath(id), { body: { into } })

/** Adds to what a partner is owed, or takes from it: `amount` is decimal, as it was typed. */
export function correct(partnerId: string, { amount = '', currency = '', note = '', way }: Answers) {
  const code = currency.toUpperCase()
  const sign = way === 'take' ? -1 : 1
  const body = { partnerId, amount: sign * inMinor(amount, code), currency: code, note }
  return ask('POST', `/v1/apps/${program.peek()?.id}/commissions`, { body })
}

/** A typed amount in minor units; one that is finer than its currency is refused rather than rounded. */
function inMinor(amount: string, currency: string) {
  const [, decimals = ''] = amount.split('.')
  const places = exponent(currency)
  const told = places ? `${currency} has ${places} decimals at most.` : `${currency} has no decimals.`
  if (decimals.length > places || !/^[\d.]+$/.test(amount))
    throw new Failure('invalid', { status: 422, fields: [{ path: 'amount', message: told }] })
  return minor(Number(amount), currency)
}

// An answer that was left empty is none.
function fields({ email, slug, first_name, last_name, commission_pct, payout_method, payout_email }: Answers) {
  return {
    email,
    slug,
    first_name: first_name || null,
    last_name: last_name || null,
    commission_pct: commission_pct ? Number(commission_pct) : null,
    payout_method: payout_method || null,
    payout_email: payout_email || null,
  }
}
