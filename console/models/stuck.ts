import type { StuckRetried, Stuck as Thing } from '../../server/contract/stuck.ts'
import { ask } from '../api.ts'
import { counted } from '../format.ts'
import { app } from './session.ts'
import { say } from './telling.ts'
import { recount } from './waiting.ts'

export type Stuck = Thing

export const kindNames: Record<Stuck['kind'], string> = {
  mail: 'Mail',
  delivery: 'Webhook',
  payout: 'Payout',
  grant: 'Reward',
  refund: 'Refund',
  job: 'Task of the server',
}

/** Tries again what is named, or all that may be; and says what came of it. */
export async function retry(ids?: string[]) {
  const { data } = await ask<StuckRetried>('POST', app('/stuck/retry'), { body: ids ? { ids } : {} })
  const retried = data.filter(each => each.outcome === 'retried').length
  const not = data.filter(each => each.outcome === 'not_retried')
  say(retried ? `${counted(retried, 'thing')} tried again: look here again in a minute` : 'There was nothing to try again')
  if (not.length)
    say(`${counted(not.length, 'thing')} not tried: ${not.find(each => each.reason)?.reason ?? 'look at each'}`, 'bad')
  void recount()
}
