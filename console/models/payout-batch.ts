import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { PayoutBatch, PayoutBatchStanding } from '../../server/contract/payout-batches.ts'
import type { PayoutResultsReport } from '../../server/contract/payout-results.ts'
import type { SentPayouts } from '../../server/contract/sending.ts'
import { ask } from '../api.ts'
import { count, counted, money } from '../format.ts'
import { keepFile } from './files.ts'
import type { Payout } from './payouts.ts'
import { app } from './session.ts'
import { askFirst, say } from './telling.ts'
import { recount } from './waiting.ts'

export type Batch = PayoutBatch
export type Standing = PayoutBatchStanding

/** A file that some of a batch can be paid with. */
export type PayFile = { key: string; name: string; text: string; path: string; file: string }

const METHODS = ['bank_transfer', 'paypal', 'crypto', 'stripe'] as const

/** The methods by which something of a batch is still to be paid; `load` asks again. */
function openMethods(batchId: string) {
  const open = signal<ReadonlySet<string>>(new Set())
  async function load() {
    const isOpen = async (method: string) => {
      const query = { batch: batchId, status: 'pending', method, limit: 1 }
      return (await ask<{ data: Payout[] }>('GET', app('/payouts'), { query })).data.length > 0
    }
    try {
      const found = await Promise.all(METHODS.map(isOpen))
      open.value = new Set(METHODS.filter((_, at) => found[at]))
    } catch {
      // Files are offered where it is known that there are any; what is wrong otherwise, the list of payouts says.
    }
  }
  return { open, load }
}

/** The same for as long as a component shows the batch. */
export function useOpenMethods(batchId: string) {
  const model = useMemo(() => openMethods(batchId), [batchId])
  useEffect(() => void model.load(), [model])
  return model
}

/** The files that what is open in a batch can be paid with. PayPal takes one currency in a file. */
export function filesFor({ id, totals }: Batch, open: ReadonlySet<string>): PayFile[] {
  const csv = (method: string, name: string, text: string, currency = ''): PayFile => ({
    key: method + currency,
    name: currency ? `${name}, ${currency}` : name,
    text,
    path: app(`/payouts.csv?method=${method}&batch=${id}${currency && `&currency=${currency}`}`),
    file: `${id}-${method}${currency && `-${currency}`}.csv`,
  })
  const files: PayFile[] = []
  if (open.has('bank_transfer')) {
    if (totals.some(each => each.currency === 'EUR'))
      files.push({
        key: 'sepa',
        name: 'SEPA transfer file',
        text: 'pain.001 for your bank, of the transfers in euros',
        path: app(`/payouts.xml?batch=${id}`),
        file: `${id}.xml`,
      })
    files.push(csv('bank_transfer', 'Bank transfers', 'CSV with account details'))
    files.push(csv('wise', 'Wise', 'CSV for a batch payment, by e-mail address'))
  }
  if (open.has('paypal'))
    for (const { currency } of totals)
      files.push(csv('paypal', 'PayPal', 'CSV for a mass payment', totals.length > 1 ? currency : ''))
  if (open.has('crypto')) files.push(csv('crypto', 'Crypto', 'CSV with wallets'))
  return files
}

/** Fetches a file; whoever lacks what it needs is left out, which is said. */
export async function fetchFile({ path, file, name }: PayFile) {
  const left = await keepFile(path, file)
  if (left) say(`${name}: ${counted(left, 'payout')} left out, for want of details. They are marked in the list.`, 'bad')
}

/** What several come to, currency by currency. */
export function sumOf(payouts: { amount: number; currency: string }[]) {
  const sums = new Map<string, number>()
  for (const { amount, currency } of payouts) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].map(([currency, amount]) => money(amount, currency)).join(' · ')
}

/** Says that several have been paid, in one step. True once it is done. */
export function payAll(payouts: Payout[]): Promise<boolean> {
  return askFirst({
    title: `Have ${counted(payouts.length, 'payout')} been paid?`,
    text: `${sumOf(payouts)} in all. Nothing is sent by this: you say that the money has left. It is final, and the partners are told.${lackingIn(payouts)}`,
    verb: `Mark ${count(payouts.length)} as paid`,
    answer: { label: 'Reference', hint: 'What the bank calls the file or the transfer; the same for all.', max: 255 },
    act: async reference => {
      const quoted = `"${reference.replaceAll('"', '""')}"`
      const content = ['payout_id,status,reference,reason', ...payouts.map(({ id }) => `${id},paid,${quoted},`), ''].join('\n')
      const report = await ask<PayoutResultsReport>('POST', app('/payouts/results'), { body: { format: 'plain', content } })
      if (report.paid) say(`${counted(report.paid, 'payout')} marked as paid`)
      if (report.refused) say(`${counted(report.refused, 'payout')} stayed as they were: look at each`, 'bad')
      void recount()
    },
  })
}

// Whoever was paid in another way was paid; somebody who chose all of a list may not have seen that.
function lackingIn(payouts: Payout[]) {
  const names = payouts.filter(each => each.missing.length).map(each => each.partnerName)
  return names.length
    ? ` No file held ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''}: their details are missing.`
    : ''
}

/** Has several sent by their providers. True once that has begun. */
export function sendAll(payouts: Payout[]): Promise<boolean> {
  return askFirst({
    title: `Send ${counted(payouts.length, 'payout')}?`,
    text: `${sumOf(payouts)} leaves by the providers that are connected, each payout once, whatever happens on the way. If you have put them into a file before, decide for one way.`,
    verb: 'Send the money',
    act: async () => {
      let ids = payouts.map(each => each.id)
      let sent = 0
      const left: SentPayouts['left'] = []
      for (let more = true; more && ids.length; ) {
        const answer = await ask<SentPayouts>('POST', app('/payouts/send'), { body: { ids } })
        const told = new Set([...answer.sending, ...answer.left.map(each => each.payoutId)])
        ids = ids.filter(id => !told.has(id))
        sent += answer.sending.length
        left.push(...answer.left)
        more = answer.more && told.size > 0
      }
      if (sent) say(`${counted(sent, 'payout')} being sent`)
      if (left.length) say(`${counted(left.length, 'payout')} not sent: ${reasonsOf(left)}`, 'bad')
    },
  })
}

const reasons: Record<string, string> = {
  test_program_sends_nothing: 'a program in test mode sends nothing',
  payout_provider_not_connected: 'the provider is not connected, which an owner does under Settings, Payouts',
  payout_lacks_details: 'it is not known where to',
  payout_method_not_sent: 'no provider sends by that method',
  payout_currency_not_sent: 'the provider does not send that amount or currency',
  payout_is_paid: 'paid already',
  payout_is_failed: 'failed already',
}
const reasonsOf = (left: SentPayouts['left']) =>
  [...new Set(left.map(({ code }) => reasons[code] ?? code.replaceAll('_', ' ')))].join('; ')
