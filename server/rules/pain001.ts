import { bicFrom, sepaIban } from '../contract/iban.ts'
import { type PayTo, textOf } from './payout.ts'
import { sepaId, sepaText } from './sepa-text.ts'

type Account = { name: string; iban: string; bic: string | null }
/** One transfer in euro cents. */
export type SepaTransfer = Account & { id: string; amount: number }

// As the scheme has it: 999,999,999.99 EUR.
const largest = 99_999_999_999

/** A payout in euro as a transfer; null where no account is known of the partner that SEPA reaches. */
export function sepaTransfer(
  payout: { id: string; partnerId: string; amount: number; name: string } & PayTo,
): SepaTransfer | null {
  const { id, partnerId, amount, metadata } = payout
  const iban = sepaIban(textOf(metadata.iban))
  if (!iban || amount < 1 || amount > largest) return null
  const name = sepaText(textOf(metadata.account_holder) || payout.name, 70, sepaId(partnerId))
  return { id, amount, name, iban, bic: bicFrom(textOf(metadata.bic)) }
}

type Order = {
  /** What the bank knows the file by, at most 35 characters; it refuses the same once more. */
  messageId: string
  createdAt: string
  /** The day on which the bank is to pay. */
  executeOn: string
  /** What recipients read beside the payout's id. */
  note: string
  debtor: Account
  transfers: readonly SepaTransfer[]
}

/**
 * Transfers as ISO 20022 pain.001.001.09, in one payment information block: the same order is the same text, byte for byte.
 * Amounts are sums of cents; 11960 is `119.60`. The end-to-end id is the payout's own, with `-` for `_`.
 */
export function creditTransfers({ messageId, createdAt, executeOn, note, debtor, transfers }: Order) {
  const sums = [
    one('NbOfTxs', String(transfers.length)),
    one('CtrlSum', euros(transfers.reduce((sum, each) => sum + each.amount, 0))),
  ]
  const name = one('Nm', sepaText(debtor.name, 70, 'NOTPROVIDED'))
  const header = [one('MsgId', messageId), one('CreDtTm', createdAt.replace(/\.\d+Z$/, 'Z')), ...sums, group('InitgPty', [name])]
  const payment = [
    one('PmtInfId', messageId),
    one('PmtMtd', 'TRF'),
    one('BtchBookg', 'true'),
    ...sums,
    group('PmtTpInf', [group('SvcLvl', [one('Cd', 'SEPA')])]),
    group('ReqdExctnDt', [one('Dt', executeOn)]),
    group('Dbtr', [name]),
    account('DbtrAcct', debtor),
    group('DbtrAgt', [group('FinInstnId', [debtor.bic ? one('BICFI', debtor.bic) : group('Othr', [one('Id', 'NOTPROVIDED')])])]),
    one('ChrgBr', 'SLEV'),
    ...transfers.map(each => transferOf(each, note)),
  ]
  const initiation = group('CstmrCdtTrfInitn', [group('GrpHdr', header), group('PmtInf', payment)])
  const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}">\n${indented([initiation])}</Document>\n`
}

function transferOf(transfer: SepaTransfer, note: string) {
  const id = sepaId(transfer.id)
  return group('CdtTrfTxInf', [
    group('PmtId', [one('EndToEndId', id)]),
    group('Amt', [`<InstdAmt Ccy="EUR">${euros(transfer.amount)}</InstdAmt>\n`]),
    ...(transfer.bic ? [group('CdtrAgt', [group('FinInstnId', [one('BICFI', transfer.bic)])])] : []),
    group('Cdtr', [one('Nm', transfer.name)]),
    account('CdtrAcct', transfer),
    group('RmtInf', [one('Ustrd', `${sepaText(note, 139 - id.length)} ${id}`.trim())]),
  ])
}

function account(name: string, { iban }: Account) {
  return group(name, [group('Id', [one('IBAN', iban)])])
}

function euros(cents: number) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

// Nothing that has to be escaped is among the characters that are let through.
const one = (name: string, text: string) => `<${name}>${text}</${name}>\n`
const group = (name: string, parts: string[]) => `<${name}>\n${indented(parts)}</${name}>\n`
const indented = (parts: string[]) => parts.join('').replace(/^(?=.)/gm, '  ')
