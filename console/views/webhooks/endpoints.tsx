import { useState } from 'preact/hooks'
import { useActs } from '../../models/acts.ts'
import { type List, useList } from '../../models/list.ts'
import { go, goBack } from '../../models/place.ts'
import { app, may, screen } from '../../models/session.ts'
import { say } from '../../models/telling.ts'
import { change, type Endpoint, pause, remove, rotate, test } from '../../models/webhooks.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Form } from '../parts/form.tsx'
import { Facts, Note, Nothing, Section, Skeleton } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Id, When } from '../parts/values.tsx'
import { EndpointFields, Secret } from './fields.tsx'
import { EndpointState, wantedOf } from './state.tsx'

const columns: Column<Endpoint>[] = [
  { name: 'Address', main: true, cell: row => row.url },
  { name: 'Told of', cell: wantedOf, quiet: true },
  { name: 'State', cell: row => <EndpointState {...row} /> },
  { name: 'Added', end: true, cell: row => <When at={row.createdAt} /> },
]

export function Endpoints({ id }: { id: string }) {
  const list = useList<Endpoint>({ path: app('/webhooks'), paging: 'cursor' })
  return (
    <>
      <Table
        label="Endpoints"
        list={list}
        columns={columns}
        href={row => screen(`webhooks/endpoints/${row.id}`)}
        keep
        current={id}
        empty={{
          title: 'No endpoint yet',
          text: 'Add an address of yours: it is told when somebody signs up by a partner, when a payout has been paid, and the like.',
          action: may.manage.value && <a href={screen('webhooks/new')}>Add an endpoint</a>,
        }}
      />
      {id && <EndpointDrawer key={id} id={id} list={list} />}
    </>
  )
}

function EndpointDrawer({ id, list }: { id: string; list: List<Endpoint> }) {
  const [secret, setSecret] = useState('')
  const endpoint = list.rows.value?.find(each => each.id === id)
  const close = () => goBack(screen('webhooks/endpoints'))
  const path = screen(`webhooks?endpointId=${id}`)
  return (
    <Drawer label="Endpoint" title={endpoint?.url.replace(/^https?:\/\//, '') ?? 'Endpoint'} close={close}>
      {!endpoint && (list.rows.value ? <Nothing title="There is no such endpoint" /> : <Skeleton shape="facts" />)}
      {endpoint && (
        <>
          <p>
            <EndpointState {...endpoint} />
          </p>
          {secret && <Secret secret={secret} done={() => setSecret('')} />}
          {endpoint.disabled && endpoint.disabledReason !== 'asked' && (
            <Note tone="bad">It is told of nothing. Mend it, start it again, then replay what it has missed.</Note>
          )}
          {may.manage.value && <Deeds endpoint={endpoint} list={list} shown={setSecret} />}
          <Facts
            wide
            facts={[
              ['Failing since', endpoint.failingSince && <When key="f" at={endpoint.failingSince} hour />],
              ['The old secret signs until', endpoint.oldSecretUntil && <When key="o" at={endpoint.oldSecretUntil} hour />],
              [
                'Deliveries',
                <a key="d" href={path}>
                  See what was sent to it
                </a>,
              ],
              ['Id', <Id key="i">{endpoint.id}</Id>],
            ]}
          />
          {may.manage.value && <Edit endpoint={endpoint} list={list} />}
        </>
      )}
    </Drawer>
  )
}

type OfOne = { endpoint: Endpoint; list: List<Endpoint> }

function Deeds({ endpoint, list, shown }: OfOne & { shown: (secret: string) => void }) {
  const acts = useActs()
  const { id, disabled } = endpoint
  return (
    <div class="acts">
      {!disabled && (
        <button
          type="button"
          aria-disabled={!!acts.doing.value}
          onClick={async () => {
            const done = await acts.run('test', () => test(id), { aloud: true, done: 'A test event is on its way' })
            if (done) go(screen(`webhooks?endpointId=${id}`))
          }}
        >
          Send a test
        </button>
      )}
      <button
        type="button"
        aria-disabled={!!acts.doing.value}
        onClick={() =>
          void acts.run('pause', async () => list.patch(id, await pause(id, !disabled)), {
            aloud: true,
            done: disabled ? 'It is told again from now on' : 'It is paused',
          })
        }
      >
        {disabled ? 'Start again' : 'Pause'}
      </button>
      {may.own.value && (
        <button
          type="button"
          onClick={async () => {
            const made = await rotate(endpoint)
            if (!made) return
            const { secret, ...known } = made
            list.patch(id, known)
            shown(secret)
          }}
        >
          Replace the secret
        </button>
      )}
      <button
        type="button"
        onClick={async () => {
          if (!(await remove(endpoint))) return
          say('The endpoint is deleted')
          go(screen('webhooks/endpoints'), { replace: true })
          void list.load()
        }}
      >
        Delete
      </button>
    </div>
  )
}

function Edit({ endpoint, list }: OfOne) {
  const acts = useActs()
  return (
    <Section title="Change it">
      <Form
        acts={acts}
        act="change"
        verb="Save"
        send={answers =>
          acts.run('change', async () => list.patch(endpoint.id, await change(endpoint.id, answers)), { done: 'Saved' })
        }
      >
        <EndpointFields endpoint={endpoint} />
      </Form>
    </Section>
  )
}
