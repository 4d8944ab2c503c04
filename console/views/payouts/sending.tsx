import type { PayoutSending } from '../../../server/contract/sending.ts'
import { counted } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { endSending, type Payout } from '../../models/payouts.ts'
import { may } from '../../models/session.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Badge, Facts, Section, type Tone } from '../parts/page.tsx'
import { Id, When } from '../parts/values.tsx'

const states: Record<PayoutSending['state'], readonly [Tone, string, string]> = {
  waiting: ['waiting', 'To be sent', 'The server sends it by itself.'],
  unknown: [
    'waiting',
    'Being found out',
    'It has been sent, or may have been: the provider is asked, and nobody sends it meanwhile.',
  ],
  pending: ['waiting', 'With the provider', 'The provider has it, and has not finished.'],
  stopped: ['bad', 'Stopped', 'Nothing has left, and nobody tries any more: send it again, or pay it another way.'],
  paid: ['good', 'Paid', ''],
  failed: ['bad', 'Refused', ''],
}

const outcomes: Record<string, string> = {
  done: 'Done',
  pending: 'Taken on',
  refused: 'Refused',
  not_sent: 'Not sent',
  absent: 'Not there',
  repeatable: 'May be repeated',
  unknown: 'Outcome not known',
  stopped: 'Stopped',
}
const deeds = { send: 'Sent', look_up: 'Looked up', by_hand: 'Somebody said' }

type Props = { payout: Payout; sending: PayoutSending; ended: () => void }

/** How the sending by a provider stands, with every attempt. */
export function Sending({ payout, sending, ended }: Props) {
  const [tone, name, means] = states[sending.state]
  const isUnderWay = ['waiting', 'unknown', 'pending'].includes(sending.state)
  return (
    <Section title={`Sending by ${sending.provider === 'stripe' ? 'Stripe' : 'PayPal'}`}>
      <p>
        <Badge tone={tone}>{name}</Badge>
      </p>
      {means && <p class="muted">{means}</p>}
      <Facts
        wide
        facts={[
          ['Last heard', sending.detail],
          ['Tried again', isUnderWay && sending.nextAt && <When key="n" at={sending.nextAt} since />],
          ['Account', sending.account],
          ['Their batch', sending.providerBatchId && <Id key="b">{sending.providerBatchId}</Id>],
        ]}
      />
      {sending.attempts.length > 0 && (
        <ol class="story">
          {sending.attempts.map(each => (
            <li key={each.startedAt + each.act}>
              <p class="muted small">
                <When at={each.startedAt} hour />
              </p>
              <p>
                {deeds[each.act]}: {each.outcome ? outcomes[each.outcome] : 'under way'}
                {each.times > 1 && ` (${counted(each.times, 'time')})`}
                {each.reason && <span class="sub muted small"> {each.reason}</span>}
              </p>
            </li>
          ))}
        </ol>
      )}
      {isUnderWay && may.money.value && <EndByHand id={payout.id} ended={ended} />}
    </Section>
  )
}

function EndByHand({ id, ended }: { id: string; ended: () => void }) {
  const acts = useActs()
  return (
    <details class="more">
      <summary>End it by hand</summary>
      <Form
        acts={acts}
        act="end"
        verb="End the sending"
        danger
        send={async answers => {
          const done = await acts.run('end', () => endSending(id, answers), { done: 'The sending is ended' })
          if (done) ended()
          return done
        }}
      >
        <p class="muted">
          Only for what you have seen at the provider with your own eyes. What is said wrongly here is paid twice, or never.
        </p>
        <Choice
          name="as"
          label="What has become of it"
          options={[
            ['paid', 'The provider has paid it'],
            ['failed', 'The provider has refused it: it is owed again'],
            ['not_sent', 'Nothing has left: it may be sent again'],
          ]}
        />
        <Field name="reference" label="Reference" required={false} max={255} hint="The provider's id of it, where it was paid." />
        <Field name="note" label="What you have seen" kind="area" max={1000} />
      </Form>
    </details>
  )
}
