import { useState } from 'preact/hooks'
import { useActs } from '../../models/acts.ts'
import { go, goBack } from '../../models/place.ts'
import { screen } from '../../models/session.ts'
import { create, type Made } from '../../models/webhooks.ts'
import { Form } from '../parts/form.tsx'
import { Header } from '../parts/page.tsx'
import { EndpointFields, Secret } from './fields.tsx'

export function NewEndpoint() {
  const acts = useActs()
  const [made, setMade] = useState<Made | undefined>(undefined)
  return (
    <>
      <Header
        title="Add an endpoint"
        text="An address of yours that is told of what happens, by POST, each time signed."
        up={{ href: screen('webhooks/endpoints'), name: 'Endpoints' }}
      />
      <div class="narrow">
        {made ? (
          <Secret secret={made.secret} done={() => go(screen(`webhooks/endpoints/${made.id}`), { replace: true })} />
        ) : (
          <Form
            acts={acts}
            act="create"
            verb="Add it"
            primary
            cancel={() => goBack(screen('webhooks/endpoints'))}
            send={answers =>
              acts.run('create', async () => {
                setMade(await create(answers))
              })
            }
          >
            <EndpointFields />
          </Form>
        )}
      </div>
    </>
  )
}
