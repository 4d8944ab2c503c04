import type * as v from 'valibot'
import type { Team } from '../../../server/contract/admins.ts'
import type { AuditEntry as Reply } from '../../../server/contract/audit.ts'
import type { ApiKeyList } from '../../../server/contract/auth.ts'
import { useList } from '../../models/list.ts'
import { useOne } from '../../models/one.ts'
import { beside, goBack, place } from '../../models/place.ts'
import { app, may, program, screen } from '../../models/session.ts'
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
const days: Filter[] = [
  { name: 'from', label: 'From', kind: 'date' },
  { name: 'to', label: 'To', kind: 'date' },
]
const what: Filter[] = [
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
        <Entries key="team" path="/v1/audit" base="audit/team" id={second} more={[]} />
      ) : (
        <Entries key="program" path={app('/audit')} base="audit" id={part} more={what} />
      )}
    </>
  )
}

type Known = readonly (readonly [id: string, name: string])[]

/** Who may have done something: those who sign in here, and the keys that the program has. */
function useActors(withKeys: boolean): Known {
  const team = useOne<v.InferOutput<typeof Team>>('/v1/team').value.value?.data ?? []
  const keys = useOne<v.InferOutput<typeof ApiKeyList>>(withKeys ? app('/api-keys?limit=100') : '').value.value?.data ?? []
  return [
    ...team.map(({ id, email, you }) => [id, you ? `${email} (you)` : email] as const),
    ...keys.map(({ id, name, type }) => [id, `${name}, a ${type} key`] as const),
  ]
}

function Entries({ path, base, id, more }: { path: string; base: string; id: string; more: Filter[] }) {
  const names = ['actor', ...[...days, ...more].map(each => each.name)]
  const list = useList<Entry>({ path, paging: 'cursor', filters: names, size: 50, daysIn: program.value?.timeZone ?? 'UTC' })
  const known = useActors(base === 'audit')
  const asked = list.filter('actor')
  const other = asked && !known.some(([each]) => each === asked) ? asked : ''
  const otherName = other && list.rows.value?.find(each => each.actor.id === other)
  const filters: Filter[] = [
    {
      name: 'actor',
      label: 'Who',
      kind: 'choice',
      options: [['', 'Everybody'], ...known, ...(other ? [[other, otherName ? whoOf(otherName) : other] as const] : [])],
    },
    ...days,
    ...more,
  ]
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
                  [
                    'More of theirs',
                    entry.actor.id && (
                      <a key="a" href={`${screen(base)}?actor=${encodeURIComponent(entry.actor.id)}`}>
                        Everything that they did
                      </a>
                    ),
                  ],
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
