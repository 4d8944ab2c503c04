import { may, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Header, Tabs } from '../parts/page.tsx'
import { Deliveries } from './deliveries.tsx'
import { Endpoints } from './endpoints.tsx'
import { NewEndpoint } from './new-endpoint.tsx'
import { Replay } from './replay.tsx'

/** Who is told of what happens, what became of the telling, and how to tell it again. */
export default function Webhooks({ rest: [part = '', id = ''] }: ScreenProps) {
  if (part === 'new') return <NewEndpoint />
  if (part === 'replay') return <Replay />
  const isEndpoints = part === 'endpoints'
  return (
    <>
      <Header
        title="Webhooks"
        text="Your own servers are told of what happens, each time signed. What one of them missed can be sent again."
      >
        {may.manage.value && !isEndpoints && (
          <a class="button" href={screen('webhooks/replay')}>
            Replay a span
          </a>
        )}
        {may.manage.value && (
          <a class="button primary" href={screen('webhooks/new')}>
            Add an endpoint
          </a>
        )}
      </Header>
      <Tabs
        label="Webhooks"
        tabs={[
          { name: 'Deliveries', href: screen('webhooks'), current: !isEndpoints },
          { name: 'Endpoints', href: screen('webhooks/endpoints'), current: isEndpoints },
        ]}
      />
      {isEndpoints ? <Endpoints id={id} /> : <Deliveries id={part} />}
    </>
  )
}
