import { useState } from 'preact/hooks'
import { type Endpoint, eventNames } from '../../models/webhooks.ts'
import { Copy } from '../parts/copy.tsx'
import { Check, Choice, Field } from '../parts/form.tsx'
import { Note } from '../parts/page.tsx'

/** What an endpoint is asked for. */
export function EndpointFields({ endpoint }: { endpoint?: Endpoint }) {
  const [isAll, setAll] = useState(!endpoint || endpoint.events.includes('*'))
  return (
    <>
      <Field name="url" label="Address" kind="url" value={endpoint?.url} placeholder="https://example.com/webhooks" max={2048} />
      {/* The choice is the form's; this only hears of it. */}
      <div
        class="form"
        onChange={event =>
          (event.target as HTMLSelectElement).name === 'events' && setAll((event.target as HTMLSelectElement).value === 'all')
        }
      >
        <Choice
          name="events"
          label="What it is told of"
          value={isAll ? 'all' : 'some'}
          options={[
            ['all', 'Everything, and whatever is added later'],
            ['some', 'Only what is ticked'],
          ]}
        />
        {!isAll && (
          <fieldset class="ticks">
            <legend class="hidden">Events</legend>
            {eventNames.map(name => (
              <Check key={name} name={`event ${name}`} label={name} checked={endpoint?.events.includes(name) ?? false} />
            ))}
          </fieldset>
        )}
      </div>
      <Check
        name="slowRetries"
        label="Try for three days"
        checked={endpoint?.slowRetries ?? true}
        hint="What fails four times in the first minutes is tried again, less and less often."
      />
    </>
  )
}

/** A secret, shown this one time. */
export function Secret({ secret, done }: { secret: string; done: () => void }) {
  return (
    <Note tone="waiting">
      <div class="form">
        <p>
          <strong>Copy the signing secret now.</strong> With it your server checks that a call is from here. It is not shown
          again.
        </p>
        <p class="line">
          <code class="secret">{secret}</code> <Copy text={secret} what="signing secret" />
        </p>
        <div class="acts">
          <button type="button" class="primary" onClick={done}>
            I have kept it
          </button>
        </div>
      </div>
    </Note>
  )
}
