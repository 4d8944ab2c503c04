import { createHash } from 'node:crypto'
import type { ImportField } from '../contract/import.ts'
import { type Around, type At, amountIn, currencyIn, emailIn, type Refusal, Refused, text, timeIn } from './import-cells.ts'
import type { Cells, Reader } from './import-columns.ts'
import { isYes, shortened } from './import-values.ts'
import { commissionStates, partnerStates } from './import-vendors.ts'

/** Whose something is: by the source's id, by address, or by a code, whichever is there. */
export type Owner = { id: string | null; email: string | null; code: string | null }
/** A customer: `key` is the source's own id for it, `externalId` the host's. */
export type Person = {
  key: string | null
  externalId: string | null
  email: string | null
  name: string | null
  stripeId: string | null
}

export type NewPartner = {
  noun: 'partner'
  id: string | null
  email: string
  firstName: string | null
  lastName: string | null
  company: string | null
  website: string | null
  standing: 'active' | 'invited' | 'deactivated'
  createdAt: string | null
  codes: string[]
  payoutMethod: 'paypal' | 'bank_transfer' | 'crypto' | null
  payoutEmail: string | null
  ratePpm: number | null
}
export type NewReferral = {
  noun: 'referral'
  owner: Owner
  customer: Person
  createdAt: string | null
  convertedAt: string | null
}
export type NewCommission = {
  noun: 'commission'
  /** What tells it from all others of its source. */
  key: string
  owner: Owner
  customer: Person
  amount: number
  currency: string
  state: 'pending' | 'approved' | 'paid' | 'held' | 'rejected'
  /** The source's own word for the state. */
  word: string
  occurredAt: string
  availableAt: string | null
  paidAt: string | null
  reference: string | null
  sale: { externalId: string; amount: number } | null
}
export type Found = NewPartner | NewReferral | NewCommission

export type Row = { key: string | null; found: Found[]; refusal: Refusal | null }

/** What a row tells of, or why nothing of it can be taken. */
export function rowOf(reader: Reader, cells: Cells, around: Around): Row {
  const row = { reader, cells, around }
  const key = keyOf(row)
  try {
    const found = { partners: partnerOf, referrals: referralOf, commissions: commissionOf }[reader.kind](row)
    return { key, found, refusal: null }
  } catch (error) {
    if (error instanceof Refused) return { key, found: [], refusal: error.refusal }
    throw error
  }
}

/** What makes two rows the same: anything else that they say. */
export function fingerprintOf(found: Found) {
  return createHash('sha256').update(JSON.stringify(found)).digest('base64url').slice(0, 22)
}

function keyOf({ reader, cells }: At) {
  const fields: ImportField[] = reader.kind === 'partners' ? ['id', 'code'] : ['id', 'customerId', 'customerKey', 'saleId']
  for (const field of fields) {
    const text = reader.text(cells, field)
    if (text) return shortened(text.split('\n')[0] ?? text)
  }
  return null
}

function partnerOf(row: At): Found[] {
  const { reader, cells } = row
  const email = emailIn(row, 'email')
  if (!email) throw new Refused('email_missing', 'The row has no e-mail address.')
  const [first, ...others] = text(row, 'name', 200)?.split(/\s+/) ?? []
  const codes = [text(row, 'code', 4_000), text(row, 'codes', 4_000)]
    .flatMap(each => each?.split(/[\n;,|]+/) ?? [])
    .map(each => each.trim())
    .filter(Boolean)
  const method = text(row, 'payoutMethod', 60)
  const payoutEmail = emailIn(row, 'payoutEmail')
  const partner: NewPartner = {
    noun: 'partner',
    id: nameIn(row, 'id'),
    email,
    firstName: text(row, 'firstName', 100) ?? first ?? null,
    lastName: text(row, 'lastName', 100) ?? (others.join(' ') || null),
    company: text(row, 'company', 200),
    website: webAddress(text(row, 'website', 2_000)),
    standing: standingOf(row),
    createdAt: timeIn(row, 'createdAt'),
    codes: [...new Set(codes)],
    payoutMethod: methodOf(method, payoutEmail),
    payoutEmail,
    ratePpm: rateOf(text(row, 'commissionPct', 20)),
  }
  // A list of partners may be one of whom they have brought: then each row is a customer.
  const brought = reader.text(cells, 'stripeCustomerId') || reader.text(cells, 'customerId')
  if (!brought) return [partner]
  const owner = { id: partner.id, email, code: partner.codes[0] ?? null }
  return [partner, { noun: 'referral', owner, customer: personIn(row), createdAt: null, convertedAt: null }]
}

function referralOf(row: At): Found[] {
  dropTest(row)
  const customer = personIn(row)
  if (!customer.externalId && !customer.email && !customer.stripeId && !customer.key)
    throw new Refused('customer_missing', 'The row says nothing of which customer it is.')
  const owner = ownerIn(row)
  return [{ noun: 'referral', owner, customer, createdAt: timeIn(row, 'createdAt'), convertedAt: timeIn(row, 'convertedAt') }]
}

function commissionOf(row: At): Found[] {
  dropTest(row)
  const unit = text(row, 'unit', 40)?.toLowerCase()
  if (unit && unit !== 'cash') throw new Refused('not_money', `The row is of ${shortened(unit)}, which is no money.`, 'skipped')
  const currency = currencyIn(row)
  const amount = amountIn(row, 'amount', currency)
  if (amount === null) throw new Refused('amount_missing', 'The row has no amount.')
  if (amount === 0) throw new Refused('amount_zero', 'The amount is nothing.', 'skipped')
  const owner = ownerIn(row)
  const id = nameIn(row, 'id')
  const saleId = text(row, 'saleId', 200)
  if (!id && !saleId)
    throw new Refused(
      'id_missing',
      'The row has neither an id of its own nor one of its sale: twice could not be told from once.',
    )
  const occurredAt = timeIn(row, 'occurredAt')
  if (!occurredAt) throw new Refused('date_missing', 'The row does not say when the commission came about.')
  if (occurredAt > row.around.now) throw new Refused('date_in_future', `${occurredAt} has not come yet.`)
  const sold = saleId ? amountIn(row, 'saleAmount', currency) : null
  const paidAt = timeIn(row, 'paidAt')
  const { state, word } = stateOf(row, paidAt)
  return [
    {
      noun: 'commission',
      key: id ?? `sale:${saleId}:${hashed(owner.id ?? owner.email ?? owner.code ?? '')}`,
      owner,
      customer: personIn(row),
      amount,
      currency,
      state,
      word,
      occurredAt,
      availableAt: timeIn(row, 'availableAt'),
      // What was paid at a time that nobody wrote down was paid when it came about.
      paidAt: state === 'paid' ? earliest(paidAt ?? occurredAt, row.around.now) : null,
      reference: text(row, 'payoutReference', 200),
      sale: saleId && sold ? { externalId: saleId, amount: sold } : null,
    },
  ]
}

/** The source's name for something. Of one that is an address a hash is kept: the books do not change, and say of nobody. */
function nameIn(row: At, field: ImportField) {
  const name = text(row, field, 200)
  return name?.includes('@') ? hashed(name.toLowerCase()) : name
}

function hashed(text: string) {
  return createHash('sha256').update(text.toLowerCase()).digest('base64url').slice(0, 22)
}

function earliest(a: string, b: string) {
  return a < b ? a : b
}

function dropTest({ reader, cells }: At) {
  if (isYes(reader.text(cells, 'isTest'))) throw new Refused('test_row', 'The source says that the row is a test.', 'skipped')
}

function ownerIn(row: At): Owner {
  const code = text(row, 'partnerCode', 255)?.split('\n')[0] ?? null
  const owner = { id: nameIn(row, 'partnerId'), email: emailIn(row, 'partnerEmail'), code }
  if (!owner.id && !owner.email && !owner.code) throw new Refused('partner_missing', 'The row does not say whose it is.')
  return owner
}

function personIn(row: At): Person {
  const own = text(row, 'customerId', 255)
  const stripeId = text(row, 'stripeCustomerId', 255)
  return {
    key: nameIn(row, 'customerKey'),
    // Without an id of the host's own a customer goes by Stripe's, until the host names it.
    externalId: own ?? stripeId,
    email: emailIn(row, 'customerEmail'),
    name: text(row, 'customerName', 200),
    stripeId: stripeId ?? (own && /^cus_[A-Za-z0-9]+$/.test(own) ? own : null),
  }
}

function standingOf(row: At): NewPartner['standing'] {
  const said = text(row, 'status', 60)
  if (said === null) return 'active'
  const known = row.reader.mapping.statuses[said] ?? partnerStates.get(wordOf(said))
  if (known === 'active' || known === 'invited' || known === 'deactivated') return known
  if (known === 'skip') throw new Refused('not_a_row', `Rows that are “${shortened(said)}” are left out.`, 'skipped')
  throw unknownStatus(said)
}

function stateOf(row: At, paidAt: string | null): { state: NewCommission['state']; word: string } {
  const said = text(row, 'status', 60) ?? ''
  const known = row.reader.mapping.statuses[said] ?? (said ? commissionStates.get(wordOf(said)) : 'pending')
  if (known === 'skip') throw new Refused('not_a_row', `Rows that are “${shortened(said)}” are left out.`, 'skipped')
  if (known === undefined || known === 'active' || known === 'invited' || known === 'deactivated') throw unknownStatus(said)
  const isPaid = isYes(row.reader.text(row.cells, 'isPaid')) || paidAt !== null
  return { state: isPaid && known !== 'rejected' ? 'paid' : known, word: said || known }
}

function unknownStatus(said: string) {
  return new Refused('status_unknown', `It is not known what “${shortened(said)}” means. Say so under statuses in the mapping.`)
}

function wordOf(said: string) {
  return said
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}

function rateOf(said: string | null) {
  if (said === null) return null
  const percent = Number(said.replace(',', '.').replace(/\s*%$/, ''))
  const ppm = Math.round(percent * 10_000)
  if (!(percent >= 0 && percent <= 100) || Math.abs(ppm - percent * 10_000) > 1e-6)
    throw new Refused('rate_invalid', `“${shortened(said)}” is no percentage from 0 to 100.`)
  return ppm
}

function methodOf(said: string | null, payoutEmail: string | null): NewPartner['payoutMethod'] {
  const word = said?.toLowerCase() ?? ''
  if (word.includes('paypal')) return 'paypal'
  if (word.includes('crypto')) return 'crypto'
  if (/wise|bank|wire|transfer/.test(word)) return 'bank_transfer'
  return payoutEmail ? 'paypal' : null
}

function webAddress(said: string | null) {
  const url = said === null ? null : URL.parse(/^https?:\/\//i.test(said) ? said : `https://${said}`)
  return url?.hostname.includes('.') && !url.username && !url.password ? url.href : null
}
