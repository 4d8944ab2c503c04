import type { DealRow } from '../../../server/contract/console.ts'
import { useList } from '../../models/list.ts'
import { app } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Filters } from '../parts/filters.tsx'
import { Badge, Header, type Tone } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { PartnerLink, When } from '../parts/values.tsx'

const states: Record<DealRow['status'], readonly [Tone, string]> = {
  registered: ['waiting', 'Registered'],
  signed_up: ['waiting', 'Signed up'],
  won: ['good', 'Won'],
}

const columns: Column<DealRow>[] = [
  {
    name: 'Lead',
    main: true,
    cell: row => (
      <>
        {row.leadName}
        <span class="sub">{row.leadEmail}</span>
      </>
    ),
  },
  { name: 'Notes', wide: true, cell: row => row.notes, quiet: true },
  { name: 'State', cell: row => <Badge tone={states[row.status][0]}>{states[row.status][1]}</Badge> },
  { name: 'By', cell: row => <PartnerLink id={row.partnerId} name="See the partner" /> },
  { name: 'Registered', end: true, cell: row => <When at={row.createdAt} /> },
]

/** The leads that partners have registered. */
export default function Deals(_: ScreenProps) {
  const list = useList<DealRow>({ path: app('/deals'), paging: 'cursor', filters: ['partnerId'] })
  return (
    <>
      <Header title="Deals" text="Leads that partners have named to you. One that signs up through nobody else is theirs." />
      <Filters list={list} filters={[]} csv={list.csv()} />
      <Table
        label="Deals"
        list={list}
        columns={columns}
        empty={{ title: 'No deal yet', text: 'Partners register leads on their dashboard, under Deals.' }}
      />
    </>
  )
}
