import { type Delivery, type Endpoint, statusNames } from '../../models/webhooks.ts'
import { Badge, type Tone } from '../parts/page.tsx'

const tones: Record<Delivery['status'], Tone> = { pending: 'waiting', delivered: 'good', failed: 'bad' }

export function DeliveryState({ status }: Pick<Delivery, 'status'>) {
  return <Badge tone={tones[status]}>{statusNames[status]}</Badge>
}

const reasons = { asked: 'Paused', gone: 'Stopped: it said that it is gone', failing: 'Stopped: it failed for five days' }

export function EndpointState({ disabled, disabledReason, failingSince }: Endpoint) {
  if (disabled) return <Badge tone={disabledReason === 'asked' ? 'quiet' : 'bad'}>{reasons[disabledReason ?? 'asked']}</Badge>
  return failingSince ? <Badge tone="waiting">Failing</Badge> : <Badge tone="good">Listening</Badge>
}

type Attempt = Delivery['attempts'][number]
const outcomes: Record<Attempt['outcome'], string> = {
  ok: 'Taken',
  redirect: 'Answered with another address, which is not followed',
  status: 'Not taken',
  timeout: 'No answer in time',
  refused: 'That address may not be called',
  unreachable: 'Could not be reached',
  unsigned: 'The secret cannot be read: replace it',
}

/** What one attempt came to, in a few words. */
export const outcomeOf = ({ outcome, status }: Attempt) => outcomes[outcome] + (status === null ? '' : ` (${status})`)

/** What an endpoint listens to. */
export function wantedOf({ events }: Endpoint) {
  if (events.includes('*')) return 'Everything'
  return events.length > 2 ? `${events.length} kinds of event` : events.join(', ')
}
