import { type Commission, statusNames } from '../../models/commissions.ts'
import { useList } from '../../models/list.ts'
import { beside, goBack } from '../../models/place.ts'
import { app, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Header } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Money, PartnerLink, When } from '../parts/values.tsx'
import { CommissionDrawer } from './commission.tsx'
import { CommissionState, earnedFor } from './state.tsx'

const filters: Filter[] = [
  { name: 'search', label: 'Search', kind: 'search', placeholder: 'Partner or payment' },
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: [['', 'All'], ...(Object.entries(statusNames) as [string, string][])],
  },
  { name: 'period', label: 'Earned in', kind: 'month' },
]

const columns: Column<Commission>[] = [
  { name: 'Date', cell: row => <When at={row.occurredAt} />, quiet: true },
  { name: 'For', main: true, cell: earnedFor },
  { name: 'Partner', cell: row => <PartnerLink id={row.partnerId} name={row.partnerName} /> },
  { name: 'State', cell: row => <CommissionState {...row} /> },
  { name: 'Amount', end: true, cell: row => <Money minor={row.amount} currency={row.currency} /> },
]

/** What partners have earned, and beside it one commission with everything that has made it what it is. */
export default function Commissions({ rest: [id] }: ScreenProps) {
  const list = useList<Commission>({
    path: app('/commissions'),
    paging: 'cursor',
    filters: ['search', 'status', 'period', 'partnerId'],
  })
  return (
    <>
      <Header title="Commissions" text="Each says where it comes from, to the cent." />
      <Filters list={list} filters={filters} csv={list.csv()} />
      <Table
        label="Commissions"
        list={list}
        columns={columns}
        href={row => beside(screen(`commissions/${row.id}`))}
        keep
        current={id}
        empty={{
          title: 'Nothing has been earned yet',
          text: 'A commission is made when a customer whom a partner brought pays: when Stripe, or your backend, says so.',
        }}
      />
      {id && (
        <CommissionDrawer id={id} close={() => goBack(beside(screen('commissions')))} changed={known => list.patch(id, known)} />
      )}
    </>
  )
}
