import type { CommissionStatus } from '../../server/contract/affiliate.ts'
import type { Commission as Reply } from '../../server/contract/commissions.ts'
import { ask } from '../api.ts'
import { money } from '../format.ts'
import { app } from './session.ts'
import { askFirst, type Question } from './telling.ts'
import { recount } from './waiting.ts'

export type Commission = Reply
export type Act = 'approve' | 'hold' | 'release' | 'reject'

/** What may be decided on a commission as it stands. What is paid or in a payout is decided no more. */
export function actsOn({ status, payoutId }: Pick<Commission, 'status' | 'payoutId'>): Act[] {
  if (payoutId) return []
  if (status === 'pending') return ['approve', 'hold', 'reject']
  if (status === 'approved') return ['hold', 'reject']
  return status === 'held' ? ['release', 'reject'] : []
}

export const actNames: Record<Act, string> = { approve: 'Approve early', hold: 'Hold', release: 'Release', reject: 'Reject' }

const questions: Record<Act, (amount: string) => Omit<Question, 'act'>> = {
  approve: amount => ({
    title: `Approve ${amount} early?`,
    text: 'It joins the next payout now instead of when its holding ends. A refund later is taken back from what the partner earns next.',
    verb: 'Approve early',
    answer: { label: 'Why', hint: 'Kept with the commission.', max: 1000 },
  }),
  hold: amount => ({
    title: `Hold ${amount}?`,
    text: 'It is paid in no payout until somebody releases it.',
    verb: 'Hold',
    answer: { label: 'Why', hint: 'Kept with the commission.', max: 1000 },
  }),
  release: amount => ({
    title: `Release ${amount}?`,
    text: 'It goes on as if it had not been held: if its holding period has ended, it joins the next payout.',
    verb: 'Release',
    answer: { label: 'Why', hint: 'Kept with the commission.', max: 1000 },
  }),
  reject: amount => ({
    title: `Reject ${amount}?`,
    text: 'The partner does not get it. That is final: to give it after all, correct their balance.',
    verb: 'Reject',
    danger: true,
    answer: { label: 'Why', hint: 'Kept with the commission.', required: true, max: 1000 },
  }),
}

/** Asks, decides, and hands over what the commission is then; nothing where somebody thought better of it. */
export async function decide({ id, amount, currency }: Commission, act: Act): Promise<Commission | undefined> {
  let decided: Commission | undefined
  await askFirst({
    ...questions[act](money(amount, currency)),
    async act(reason) {
      decided = await ask<Commission>('POST', app(`/commissions/${id}/${act}`), { body: { reason: reason || null } })
    },
  })
  if (decided) void recount()
  return decided
}

export const statusNames: Record<CommissionStatus, string> = {
  pending: 'Pending',
  approved: 'Approved',
  paid: 'Paid',
  held: 'Held',
  rejected: 'Rejected',
  reversed: 'Reversed',
}
