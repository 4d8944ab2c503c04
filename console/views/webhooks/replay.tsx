import { useState } from 'preact/hooks'
import { count, counted } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { goBack } from '../../models/place.ts'
import { app, screen } from '../../models/session.ts'
import { type Endpoint, useReplaying } from '../../models/webhooks.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Header, Loaded, Note, Progress } from '../parts/page.tsx'

/** Everything that happened in a span, once more: for an endpoint that was down, or that is new. */
export function Replay() {
  const model = useReplaying()
  const endpoints = useOne<{ data: Endpoint[] }>(app('/webhooks?limit=100'))
  const done = model.done.value
  const [[from, to]] = useState(() => [local(Date.now() - 86_400_000), local(Date.now() + 60_000)])
  return (
    <>
      <Header
        title="Replay a span of time"
        text="Sends what happened between two points of time again, to an endpoint that was down or is new, whether it was delivered before or not. Each event keeps its id, by which your server knows what it has had."
        up={{ href: screen('webhooks'), name: 'Webhooks' }}
      />
      <div class="narrow form">
        {model.acts.doing.value && (
          <Progress label={done === undefined ? 'Looking for what happened' : `${count(done)} on their way`} />
        )}
        {model.isOver.value && (
          <Note tone="good">
            {done
              ? `${counted(done, 'delivery', 'deliveries')} on their way. `
              : 'Nothing happened then that anybody listens to. '}
            <a href={screen('webhooks')}>See the deliveries</a>
          </Note>
        )}
        <Loaded one={endpoints} shape="text">
          {({ data }) => (
            <Form
              acts={model.acts}
              act="replay"
              verb="Send it again"
              primary
              cancel={() => goBack(screen('webhooks'))}
              send={model.run}
            >
              <div class="pair">
                <Field name="from" label="From" kind="datetime-local" value={from} />
                <Field name="to" label="Until" kind="datetime-local" value={to} hint="In your own time. 31 days at most." />
              </div>
              <Choice
                name="endpointId"
                label="To"
                options={[
                  ['', 'Every endpoint that listens'],
                  ...data.filter(each => !each.disabled).map(each => [each.id, each.url] as const),
                ]}
              />
            </Form>
          )}
        </Loaded>
      </div>
    </>
  )
}

/** A time as its field has it: 2026-11-21T09:30, in the reader's own zone. */
function local(at: number) {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
