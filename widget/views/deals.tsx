import type { Calendar } from '../calendar.ts'
import type { Deal } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Deals } from '../models/deals.ts'
import { Field, Form, type Words } from './acting.tsx'
import { Dots } from './figure.tsx'
import { State, type Tone } from './parts.tsx'

type Props = { model: Model; deals: Deals; words: Words; dates: Calendar }

const tones: Record<Deal['status'], Tone> = { registered: 'waiting', signed_up: 'waiting', won: 'good' }

/** Leads that a partner has told of, and the form to tell of one. */
export function DealsPart({ model, deals, words, dates }: Props) {
  const { say, fill } = words
  const all = model.reply.value.deals
  const about = { acts: deals, act: 'register', words }
  const register = ({ leadName = '', leadEmail = '', notes = '' }: Record<string, string>) =>
    deals.register({ leadName, leadEmail, notes })
  return (
    <section class="part">
      <h3>{say.deals}</h3>
      <p class="lead">{say.dealsText}</p>
      <Form {...about} primary button={say.register} send={register}>
        <Field {...about} name="leadName" label={say.leadName} max={200} />
        <Field {...about} name="leadEmail" label={say.leadEmail} kind="email" max={254} />
        <Field {...about} name="notes" label={say.notes} kind="area" required={false} max={2000} />
      </Form>
      <p role="status" class={deals.registered.value ? 'said' : 'hidden'}>
        {deals.registered.value && fill(say.registered, { name: deals.registered.value })}
      </p>
      {all.length === 0 ? (
        <div class="empty">
          <strong>{say.dealsEmpty}</strong>
          <p>{say.dealsEmptyText}</p>
        </div>
      ) : (
        <ul class="items deals" part="deals">
          {all.map(deal => (
            <li key={deal.id}>
              <div>
                <strong>
                  <bdi>{deal.leadName}</bdi>
                </strong>
                <p class="aside">
                  <Dots>
                    <bdi>{deal.leadEmail}</bdi>
                    {dates.instant(deal.createdAt)}
                  </Dots>
                </p>
                {deal.notes && (
                  <p class="aside" dir="auto">
                    {deal.notes}
                  </p>
                )}
              </div>
              <State tone={tones[deal.status]}>{say[`deal.${deal.status}`]}</State>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
