import type * as v from 'valibot'
import type { AuditEntry as Reply } from '../../../server/contract/audit.ts'
import { useList } from '../../models/list.ts'
import { beside, goBack, place } from '../../models/place.ts'
import { app, may, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Drawer } from '../parts/dialog.tsx'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Facts, Header, Nothing, Skeleton, Tabs } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Id, When } from '../parts/values.tsx'
import { Diff } from './diff.tsx'

type Entry = v.InferOutput<typeof Reply>

const nouns = [
  'program',
  'partner',
  'application',
  'referral',
  'commission',
  'payout',
  'payout_batch',
  'payout_results',
  'period',
  'code',
  'webhook',
  'api_key',
  'data',
  'person',
  'stuck',
]
const filters: Filter[] = [
  {
    name: 'noun',
    label: 'About',
    kind: 'choice',
    options: [['', 'Everything'], ...nouns.map(each => [each, spoken(each)] as const)],
  },
  { name: 'object', label: 'Id', kind: 'text' },
]

/** `payout_batch.created` is "Payout batch created". */
function spoken(action: string) {
  const text = action.replaceAll(/[._]/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const kinds: Record<Entry['actor']['kind'], string> = {
  admin: 'Somebody here',
  secret: 'A secret key',
  publishable: 'A publishable key',
  partner: 'A partner',
  session: 'A customer',
  public: 'Somebody outside',
  system: 'The server',
}
const whoOf = ({ actor }: Entry) => actor.label ?? kinds[actor.kind]

const columns: Column<Entry>[] = [
  { name: 'What', main: true, cell: row => spoken(row.action) },
  { name: 'Who', cell: whoOf },
  { name: 'To', cell: row => <Id>{row.object}</Id> },
  { name: 'When', end: true, cell: row => <When at={row.at} hour /> },
]

/** Who has done what, and what was before and after. */
export default function Audit({ rest: [part = '', second = ''] }: ScreenProps) {
  const ofTeam = part === 'team'
  return (
    <>
      <Header
        title="Audit log"
        text="Every change, by whom, with what was before and after. Secrets and addresses are left out."
      />
      {may.own.value && (
        <Tabs
          label="Audit log"
          tabs={[
            { name: 'Program', href: screen('audit'), current: !ofTeam },
            { name: 'Team', href: screen('audit/team'), current: ofTeam },
          ]}
        />
      )}
      {ofTeam ? (
        <Entries key="team" path="/v1/audit" base="audit/team" id={second} filters={[]} />
      ) : (
        <Entries key="program" path={app('/audit')} base="audit" id={part} filters={filters} />
      )}
    </>
  )
}

function Entries({ path, base, id, filters }: { path: string; base: string; id: string; filters: Filter[] }) {
  const list = useList<Entry>({ path, paging: 'cursor', filters: filters.map(each => each.name), size: 50 })
  const entry = list.rows.value?.find(each => each.id === id)
  const close = () => goBack(beside(screen(base)))
  return (
    <>
      <Filters list={list} filters={filters} csv={list.csv()} />
      <Table
        label="What was done"
        list={list}
        columns={columns}
        href={row => `${screen(`${base}/${row.id}`)}${place.value.query.size ? `?${place.value.query}` : ''}`}
        keep
        current={id}
        empty={{ title: 'Nothing has been done yet', text: 'Whatever is changed, here or by the API, is written down.' }}
      />
      {id && (
        <Drawer key={id} label="What was done" title={entry ? spoken(entry.action) : 'Entry'} close={close}>
          {entry ? (
            <>
              <Facts
                wide
                facts={[
                  ['Who', whoOf(entry)],
                  ['When', <When key="w" at={entry.at} hour />],
                  ['To', <Id key="o">{entry.object}</Id>],
                  ['Request', entry.requestId && <Id key="r">{entry.requestId}</Id>],
                ]}
              />
              <Diff before={entry.before} after={entry.after} />
            </>
          ) : list.rows.value ? (
            <Nothing title="It is not among those that are shown" text="Clear the filters, or show more of the list." />
          ) : (
            <Skeleton shape="facts" />
          )}
        </Drawer>
      )}
    </>
  )
}
