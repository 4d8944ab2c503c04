import * as v from 'valibot'
import { AccountIban, Bic } from './iban.ts'
import { PayoutMethod } from './partners.ts'
import { Email, Instant, line } from './text.ts'

const Account = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(60),
  v.transform(text => text.replace(/[\s-]/g, '').toUpperCase()),
  v.regex(/^[A-Z0-9]{4,34}$/, 'Give 4 to 34 letters and digits.'),
)
const Wallet = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9:._-]{10,120}$/, 'That is not the address of a wallet.'))

const given = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema))

/** PATCH /v1/affiliate/payout-settings. What is left out stays; null takes a value away. */
export const PayoutSettingsChange = v.object({
  method: v.optional(PayoutMethod),
  email: given(Email),
  accountHolder: given(line(120)),
  iban: given(AccountIban),
  bic: given(Bic),
  accountNumber: given(Account),
  routingNumber: given(Account),
  walletAddress: given(Wallet),
  network: given(line(40)),
})
export type PayoutSettingsChange = v.InferOutput<typeof PayoutSettingsChange>

/** The details by which somebody is paid, by the names that they have here. */
export const payoutDetails = [
  'email',
  'accountHolder',
  'iban',
  'bic',
  'accountNumber',
  'routingNumber',
  'walletAddress',
  'network',
] as const
export type PayoutDetail = (typeof payoutDetails)[number]

/**
 * GET /v1/affiliate/payout-settings. Addresses and the numbers of accounts are masked: `•••1332`. `methods` are those that may
 * be chosen, `missing` what the chosen one still needs. Until `waitsUntil` nothing is paid out: the partner has changed
 * something itself, and `coolingDays` are not over.
 */
export const PayoutSettings = v.object({
  method: v.nullable(PayoutMethod),
  methods: v.array(PayoutMethod),
  email: v.nullable(v.string()),
  accountHolder: v.nullable(v.string()),
  iban: v.nullable(v.string()),
  bic: v.nullable(v.string()),
  accountNumber: v.nullable(v.string()),
  routingNumber: v.nullable(v.string()),
  walletAddress: v.nullable(v.string()),
  network: v.nullable(v.string()),
  stripeAccount: v.nullable(v.string()),
  missing: v.array(v.picklist(['method', 'stripeAccount', ...payoutDetails])),
  changedAt: v.nullable(Instant),
  waitsUntil: v.nullable(Instant),
  coolingDays: v.number(),
})
export type PayoutSettings = v.InferOutput<typeof PayoutSettings>
