import { percent } from '../../format.ts'
import { useList } from '../../models/list.ts'
import { type Partner, partnersPath } from '../../models/partners.ts'
import { may, program, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Header } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/values.tsx'
import { known } from './columns.tsx'
import { NewPartner } from './edit.tsx'
import { Profile } from './profile.tsx'
import { PartnerState } from './state.tsx'

const filters: Filter[] = [
  { name: 'search', label: 'Search', kind: 'search', placeholder: 'Name, address or code' },
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: [
      ['', 'All'],
      ['active', 'Active'],
      ['invited', 'Invited'],
      ['deactivated', 'Deactivated'],
    ],
  },
]

const columns: Column<Partner>[] = [
  ...known,
  { name: 'State', cell: row => <PartnerState status={row.status} /> },
  {
    name: 'Rate',
    wide: true,
    cell: row => (row.commission_pct === null ? <span class="muted">The program's</span> : percent(row.commission_pct)),
  },
  { name: 'Since', end: true, quiet: true, cell: row => <When at={row.created_at} /> },
]

/** All partners, a new one, or one of them. */
export default function Partners({ rest: [id, part] }: ScreenProps) {
  if (id === 'new') return <NewPartner />
  return id ? <Profile key={id} id={id} part={part ?? ''} /> : <All />
}

function All() {
  const list = useList<Partner>({
    path: partnersPath,
    paging: 'page',
    filters: ['search', 'status'],
    fixed: { appId: program.value?.id ?? '' },
  })
  const add = (
    <a class="button primary" href={screen('partners/new')}>
      Add a partner
    </a>
  )
  return (
    <>
      <Header title="Partners">{may.manage.value && add}</Header>
      <Filters list={list} filters={filters} csv={list.csv()} />
      <Table
        label="Partners"
        list={list}
        columns={columns}
        href={row => screen(`partners/${row.id}`)}
        empty={{
          title: 'No partner yet',
          text: 'People become partners when their application is approved, or when you add them.',
        }}
      />
    </>
  )
}
