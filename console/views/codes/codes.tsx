import type { CodeRow } from '../../../server/contract/console.ts'
import { useList } from '../../models/list.ts'
import { app } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Copy } from '../parts/copy.tsx'
import { Filters } from '../parts/filters.tsx'
import { Badge, Header } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { PartnerLink, When } from '../parts/values.tsx'

const columns: Column<CodeRow>[] = [
  {
    name: 'Code',
    main: true,
    cell: row => (
      <>
        {row.code}
        {row.label && <span class="sub">{row.label}</span>}
      </>
    ),
  },
  {
    name: 'Of',
    cell: row => (row.partnerId ? <PartnerLink id={row.partnerId} name="A partner" /> : `Customer ${row.customerId ?? 'erased'}`),
  },
  { name: 'State', cell: row => <Badge tone={row.retiredAt ? 'quiet' : 'good'}>{row.retiredAt ? 'Retired' : 'In use'}</Badge> },
  { name: 'Made', cell: row => <When at={row.createdAt} />, quiet: true },
  {
    name: 'Link',
    head: '',
    end: true,
    cell: row => <Copy text={row.url} what={`the link of ${row.code}`} label="Copy the link" />,
  },
]

/** Every code in links, of partners and of customers. */
export default function Codes(_: ScreenProps) {
  const list = useList<CodeRow>({ path: app('/codes'), paging: 'cursor', filters: ['search', 'partnerId'], key: 'code' })
  return (
    <>
      <Header title="Codes" text="What stands in the links of partners and customers, and whose it is." />
      <Filters list={list} filters={[{ name: 'search', label: 'Search codes', kind: 'search' }]} csv={list.csv()} />
      <Table
        label="Codes"
        list={list}
        columns={columns}
        empty={{ title: 'No code yet', text: 'Each partner gets one, and each customer who shares.' }}
      />
    </>
  )
}
