import { decimal, exponent } from '../contract/money.ts'
import { type PayTo, textOf } from './payout.ts'

export type FileFormat = 'paypal' | 'wise' | 'bank_transfer' | 'crypto'

/** An open payout, and whom it goes to. */
export type Transfer = {
  id: string
  partnerId: string
  amount: number
  currency: string
  name: string
  isCompany: boolean
} & PayTo

type Column = readonly [title: string, cell: (transfer: Transfer) => string | number]

const plain = (transfer: Transfer) => decimal(transfer.amount, transfer.currency).toFixed(exponent(transfer.currency))
const detail = (name: string) => (transfer: Transfer) => textOf(transfer.metadata[name])

const columns: Record<FileFormat, (payer: Payer) => Column[]> = {
  // As PayPal's payment file has them. It takes the first row for the first recipient, so titles would be paid.
  paypal: ({ note }) => [
    ['recipient', each => each.payoutEmail ?? ''],
    ['amount', plain],
    ['currency', each => each.currency],
    ['customer id', each => each.id],
    ['note', () => note],
    ['wallet', () => 'PAYPAL'],
  ],
  // As Wise's template for recipients that go by their address. They get the amount exactly, whatever the fee.
  wise: ({ currency }) => [
    ['name', each => each.name],
    ['recipientEmail', each => each.payoutEmail ?? ''],
    ['paymentReference', each => each.id],
    ['receiverType', each => (each.isCompany ? 'INSTITUTION' : 'PERSON')],
    ['amountCurrency', () => 'target'],
    ['amount', plain],
    ['sourceCurrency', () => currency],
    ['targetCurrency', each => each.currency],
  ],
  bank_transfer: ({ note }) => [
    ['payout', each => each.id],
    ['partner', each => each.partnerId],
    ['name', each => each.name],
    ['email', each => each.payoutEmail ?? ''],
    ['iban', detail('iban')],
    ['bic', detail('bic')],
    ['account_number', detail('account_number')],
    ['routing_number', detail('routing_number')],
    ['amount', plain],
    ['currency', each => each.currency],
    ['reference', each => `${note} ${each.id}`],
  ],
  crypto: () => [
    ['payout', each => each.id],
    ['partner', each => each.partnerId],
    ['name', each => each.name],
    ['wallet_address', detail('wallet_address')],
    ['network', detail('network')],
    ['amount', plain],
    ['currency', each => each.currency],
  ],
}

/** Who pays: the currency it pays from, and what recipients read. */
export type Payer = { currency: string; note: string }

/** Open payouts as the file that a provider takes: RFC 4180, and nothing in it that a spreadsheet would run. */
export function payoutFile(format: FileFormat, transfers: readonly Transfer[], payer: Payer) {
  const wanted = columns[format](payer)
  const rows = transfers.map(transfer => wanted.map(([, cell]) => cell(transfer)))
  const titles = format === 'paypal' ? [] : [wanted.map(([title]) => title)]
  return [...titles, ...rows].map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

/** The method by which those are paid who stand in a file: Wise is a way of making bank transfers. */
export function methodOf(format: FileFormat) {
  return format === 'wise' ? 'bank_transfer' : format
}

/** True where a file of this format can pay a partner of whom that much is known. */
export function fits(format: FileFormat, { payoutEmail, metadata }: PayTo) {
  if (format === 'paypal' || format === 'wise') return !!payoutEmail
  if (format === 'crypto') return !!textOf(metadata.wallet_address)
  return !!(textOf(metadata.iban) || textOf(metadata.account_number))
}

/** One field: what a spreadsheet would take for a formula gets an apostrophe before it, and what is not plain gets quotes. */
export function cellOf(value: string | number) {
  const text = String(value)
  // Full-width forms are read as the plain ones where a spreadsheet is set to such a language.
  const harmless = typeof value === 'string' && /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text
  return /["\r\n,;]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
