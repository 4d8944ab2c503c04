import { signal } from '@preact/signals'
import type { MadePayouts, Payout as Reply } from '../../server/contract/payouts.ts'
import { ask } from '../api.ts'
import { money } from '../format.ts'
import { app } from './session.ts'
import { askFirst, say } from './telling.ts'
import { recount } from './waiting.ts'

export type Payout = Reply
export type Carried = MadePayouts['carried'][number]

export const statusNames: Record<Payout['status'], string> = { pending: 'To be paid', paid: 'Paid', failed: 'Failed' }

/** What the run that was started here last has left for the next one, and the batch that it has made. */
export const leftBy = signal<{ batchId: string; carried: Carried[] } | undefined>(undefined)

/** Makes a batch of what is due. Without a batch in the answer, nothing was. */
export async function propose({ currency = '', method = '' }: { currency?: string; method?: string }) {
  const body = { ...(currency && { currency: currency.toUpperCase() }), ...(method && { method }) }
  const made = await ask<MadePayouts>('POST', app('/payouts'), { body })
  leftBy.value = made.batch ? { batchId: made.batch.id, carried: made.carried } : undefined
  void recount()
  return made
}

const path = (id: string, act: string) => app(`/payouts/${id}/${act}`)
const providers: Record<string, string> = { paypal: 'PayPal', stripe: 'Stripe' }

/** The provider that could send it, by name; nothing where only a file or a hand can. */
export const providerOf = ({ method }: Pick<Payout, 'method'>) => providers[method ?? '']

/** Asks for the reference, and says that a payout has been paid. */
export function markPaid({ id, partnerName, amount, currency }: Payout): Promise<Payout | undefined> {
  return decided({
    title: `Has ${money(amount, currency)} been paid to ${partnerName}?`,
    text: 'Nothing is sent by this: you say that the money has left. It is final, and the partner is told.',
    verb: 'Mark as paid',
    answer: { label: 'Reference', hint: 'What the bank or the provider calls the transfer.', max: 255 },
    act: reference => ask<Payout>('POST', path(id, 'paid'), { body: { reference: reference || null } }),
    done: 'The payout is marked as paid',
  })
}

/** Asks why, and says that a payout has failed. */
export function markFailed({ id, partnerName, amount, currency }: Payout): Promise<Payout | undefined> {
  return decided({
    title: `Has the payout of ${money(amount, currency)} to ${partnerName} failed?`,
    text: 'What was in it is owed again, and joins the next batch. It is final: mark it so only when no money has left.',
    verb: 'Mark as failed',
    danger: true,
    answer: { label: 'Why', hint: 'The partner is told.', required: true, max: 1000 },
    act: reason => ask<Payout>('POST', path(id, 'failed'), { body: { reason } }),
    done: 'The payout is marked as failed',
  })
}

type Deciding = Omit<Parameters<typeof askFirst>[0], 'act'> & { act: (answer: string) => Promise<Payout>; done: string }

async function decided({ act, done, ...question }: Deciding) {
  let known: Payout | undefined
  await askFirst({
    ...question,
    act: async answer => {
      known = await act(answer)
      say(done)
    },
  })
  if (known) void recount()
  return known
}

/** Has one sent by its provider. True once that has begun. */
export function send(payout: Payout): Promise<boolean> {
  const { id, partnerName, amount, currency } = payout
  return askFirst({
    title: `Send ${money(amount, currency)} to ${partnerName}?`,
    text: `The money leaves by ${providerOf(payout)}, once, whatever happens on the way. If you have put it into a file before, decide for one way.`,
    verb: 'Send the money',
    act: async () => {
      await ask('POST', path(id, 'send'), { body: {} })
      say('It is being sent')
    },
  })
}

/** Ends a sending by what somebody has seen at the provider with own eyes. */
export async function endSending(id: string, { as, reference = '', note }: Record<string, string>) {
  await ask('POST', path(id, 'sending/end'), { body: { as, note, ...(as === 'paid' && { reference }) } })
  void recount()
}
