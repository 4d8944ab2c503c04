import { counted, money } from '../../format.ts'
import { useList } from '../../models/list.ts'
import type { Batch } from '../../models/payout-batch.ts'
import { app, may, screen } from '../../models/session.ts'
import { type Column, Table } from '../parts/table.tsx'
import { Id, When } from '../parts/values.tsx'
import { methodOf } from './state.tsx'

export const totalsOf = ({ totals }: Pick<Batch, 'totals'>) =>
  totals.map(({ amount, currency }) => money(amount, currency)).join(' · ')

/** What a run was asked for, in a few words. */
export const askedFor = ({ method, currency }: Batch) =>
  [method && methodOf({ method }), currency].filter(Boolean).join(', ') || 'Everything due'

const columns: Column<Batch>[] = [
  { name: 'Made', main: true, cell: row => <When at={row.createdAt} hour /> },
  { name: 'By', cell: row => row.createdBy.label ?? row.createdBy.kind, quiet: true },
  { name: 'Of', cell: askedFor, quiet: true },
  { name: 'Payouts', cell: row => counted(row.count, 'payout') },
  { name: 'Hash', wide: true, cell: row => <Id>{`${row.hash.slice(0, 12)}…`}</Id> },
  { name: 'Amount', end: true, cell: totalsOf },
]

export function Batches() {
  const list = useList<Batch>({ path: app('/payouts/batches'), paging: 'cursor' })
  return (
    <Table
      label="Batches of payouts"
      list={list}
      columns={columns}
      href={row => screen(`payouts/batches/${row.id}`)}
      empty={{
        title: 'No batch yet',
        text: 'What one run of payouts makes is a batch. It never changes, and its hash proves that.',
        action: may.money.value && <a href={screen('payouts/new')}>Propose payouts</a>,
      }}
    />
  )
}
