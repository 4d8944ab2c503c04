import { useActs } from '../../models/acts.ts'
import { type List, useList } from '../../models/list.ts'
import { useOne } from '../../models/one.ts'
import { beside, goBack } from '../../models/place.ts'
import { app, may, screen } from '../../models/session.ts'
import { type Delivery, type Endpoint, replayOne, statusNames, useFresh } from '../../models/webhooks.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Filters } from '../parts/filters.tsx'
import { Facts, Nothing, Section, Skeleton } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Id, When } from '../parts/values.tsx'
import { DeliveryState, outcomeOf } from './state.tsx'

/** What became of telling what happened: each event on its way to each endpoint. */
export function Deliveries({ id }: { id: string }) {
  const list = useList<Delivery>({ path: app('/webhooks/deliveries'), paging: 'cursor', filters: ['status', 'endpointId'] })
  const endpoints = useOne<{ data: Endpoint[] }>(app('/webhooks?limit=100'))
  useFresh(list)
  const acts = useActs()
  const known = endpoints.value.value?.data ?? []
  const urlOf = (id: string) => known.find(each => each.id === id)?.url.replace(/^https?:\/\//, '') ?? id
  const columns: Column<Delivery>[] = [
    { name: 'Event', main: true, cell: row => row.event },
    { name: 'To', cell: row => urlOf(row.endpointId), quiet: true },
    { name: 'State', cell: row => <DeliveryState {...row} /> },
    { name: 'Last answer', wide: true, cell: row => (row.attempts[0] ? outcomeOf(row.attempts[0]) : ''), quiet: true },
    { name: 'When', end: true, cell: row => <When at={row.createdAt} hour /> },
  ]
  const again = (id: string) =>
    acts.run(`replay ${id}`, async () => list.patch(id, await replayOne(id)), { done: 'On its way again', aloud: true })
  const severalAgain = async (ids: string[]) => {
    for (const each of ids) if (!(await again(each))) return
    list.choose(ids, false)
  }
  return (
    <>
      <Filters
        list={list}
        csv={list.csv()}
        filters={[
          {
            name: 'status',
            label: 'State',
            kind: 'choice',
            options: [['', 'All'], ...(Object.entries(statusNames) as [string, string][])],
          },
          {
            name: 'endpointId',
            label: 'To',
            kind: 'choice',
            options: [['', 'All'], ...known.map(each => [each.id, each.url] as const)],
          },
        ]}
      />
      <Table
        label="Deliveries"
        list={list}
        columns={columns}
        href={row => beside(screen(`webhooks/${row.id}`))}
        keep
        current={id}
        {...(may.manage.value && {
          bulk: (ids: string[]) => (
            <button type="button" aria-disabled={!!acts.doing.value} onClick={() => void severalAgain(ids)}>
              Send again
            </button>
          ),
        })}
        empty={{
          title: 'Nothing has been sent yet',
          text: known.length
            ? 'Send a test event to an endpoint to see what comes of it.'
            : 'Add an endpoint: an address of yours that is told of what happens.',
          action: known.length > 0 && <a href={screen('webhooks/endpoints')}>See the endpoints</a>,
        }}
      />
      {id && <DeliveryDrawer id={id} list={list} urlOf={urlOf} again={again} busy={!!acts.doing.value} />}
    </>
  )
}

type DrawerProps = {
  id: string
  list: List<Delivery>
  urlOf: (id: string) => string
  again: (id: string) => void
  busy: boolean
}

function DeliveryDrawer({ id, list, urlOf, again, busy }: DrawerProps) {
  const delivery = list.rows.value?.find(each => each.id === id)
  const close = () => goBack(beside(screen('webhooks')))
  if (!delivery)
    return (
      <Drawer title="Delivery" close={close}>
        {list.rows.value ? (
          <Nothing title="It is not among those that are shown" text="Clear the filters, or show more of the list." />
        ) : (
          <Skeleton shape="facts" />
        )}
      </Drawer>
    )
  return (
    <Drawer key={id} label="Delivery" title={delivery.event} close={close}>
      <p>
        <DeliveryState {...delivery} />
      </p>
      {may.manage.value && (
        <div class="acts">
          <button type="button" aria-disabled={busy} onClick={() => again(id)}>
            Send again
          </button>
        </div>
      )}
      <Facts
        wide
        facts={[
          ['To', urlOf(delivery.endpointId)],
          ['Made', <When key="m" at={delivery.createdAt} hour />],
          ['Delivered', delivery.deliveredAt && <When key="d" at={delivery.deliveredAt} hour />],
          ['Given up', delivery.failedAt && <When key="f" at={delivery.failedAt} hour />],
          ['Tried again', delivery.nextAttemptAt && <When key="n" at={delivery.nextAttemptAt} since />],
          ['Event', <Id key="e">{delivery.eventId}</Id>],
        ]}
      />
      <Attempts delivery={delivery} />
    </Drawer>
  )
}

function Attempts({ delivery: { attempts } }: { delivery: Delivery }) {
  if (!attempts.length) return <p class="muted">It has not been tried yet.</p>
  return (
    <Section title="Attempts, the last first">
      <ol class="story latest-first">
        {attempts.map(each => (
          <li key={each.number}>
            <p class="muted small">
              <When at={each.at} hour />, {each.ms} ms
            </p>
            <div>
              <p>{outcomeOf(each)}</p>
              {each.reason && <p class="muted small">{each.reason}</p>}
              {each.excerpt && <pre class="excerpt">{each.excerpt}</pre>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}
