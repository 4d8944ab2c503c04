import { useList } from '../../models/list.ts'
import { payAll, sendAll } from '../../models/payout-batch.ts'
import { type Payout, statusNames } from '../../models/payouts.ts'
import { beside, goBack } from '../../models/place.ts'
import { app, may, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { methodNames } from '../partners/state.tsx'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Header, Tabs } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Money, PartnerLink, When } from '../parts/values.tsx'
import { BatchPage } from './batch.tsx'
import { Batches } from './batches.tsx'
import { PayoutDrawer } from './payout.tsx'
import { Propose } from './propose.tsx'
import { ResultFile } from './results.tsx'
import { methodOf, PayoutState } from './state.tsx'

/** Payouts, from what is due to what is paid: the list, its batches, and the files that banks and providers give back. */
export default function Payouts({ rest: [part = '', id] }: ScreenProps) {
  if (part === 'new') return <Propose />
  if (part === 'batches' && id) return <BatchPage id={id} />
  const isList = part !== 'batches' && part !== 'results'
  return (
    <>
      <Header title="Payouts">
        {may.money.value && (
          <a class="button primary" href={screen('payouts/new')}>
            Propose payouts
          </a>
        )}
      </Header>
      <Tabs
        label="Payouts"
        tabs={[
          { name: 'Payouts', href: screen('payouts'), current: isList },
          { name: 'Batches', href: screen('payouts/batches'), current: part === 'batches' },
          { name: 'Result file', href: screen('payouts/results'), current: part === 'results' },
        ]}
      />
      {part === 'batches' && <Batches />}
      {part === 'results' && <ResultFile />}
      {isList && <All id={part} />}
    </>
  )
}

const filters: Filter[] = [
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: [['', 'All'], ...(Object.entries(statusNames) as [string, string][])],
  },
  { name: 'method', label: 'Paid by', kind: 'choice', options: [['', 'All'], ...Object.entries(methodNames)] },
]

export const payoutColumns: Column<Payout>[] = [
  { name: 'Partner', main: true, cell: row => row.partnerName },
  { name: 'Made', cell: row => <When at={row.createdAt} />, quiet: true },
  { name: 'Paid by', cell: methodOf, quiet: true },
  { name: 'State', cell: row => <PayoutState {...row} /> },
  { name: 'Profile', head: '', wide: true, cell: row => <PartnerLink id={row.partnerId} name="Profile" /> },
  { name: 'Amount', end: true, cell: row => <Money minor={row.amount} currency={row.currency} /> },
]

function All({ id }: { id: string }) {
  const list = useList<Payout>({
    path: app('/payouts'),
    paging: 'cursor',
    filters: ['status', 'method', 'partnerId', 'currency', 'batch'],
    size: 50,
  })
  return (
    <>
      <Filters list={list} filters={filters} csv={list.csv()} />
      <Table
        label="Payouts"
        list={list}
        columns={payoutColumns}
        href={row => beside(screen(`payouts/${row.id}`))}
        keep
        current={id}
        {...(may.money.value && { bulk: ids => <Together list={list} ids={ids} /> })}
        empty={{
          title: 'No payout yet',
          text: 'Propose payouts: one is made for everybody whose approved balance reaches the minimum. Nothing is sent by that.',
          action: may.money.value && <a href={screen('payouts/new')}>Propose payouts</a>,
        }}
      />
      {id && <PayoutDrawer id={id} close={() => goBack(beside(screen('payouts')))} changed={known => list.patch(id, known)} />}
    </>
  )
}

type TogetherProps = { list: ReturnType<typeof useList<Payout>>; ids: string[]; changed?: () => void }

/** What can be done with several: of those that are chosen, those that are still to be paid. */
export function Together({ list, ids, changed }: TogetherProps) {
  const open = (list.rows.value ?? []).filter(row => ids.includes(row.id) && row.status === 'pending')
  const after = (done: boolean) => {
    if (!done) return
    list.choose(ids, false)
    void list.load({ quietly: true })
    changed?.()
  }
  if (!open.length) return <span class="muted">None of them is to be paid</span>
  const sendable = open.filter(each => each.method === 'paypal' || each.method === 'stripe')
  return (
    <>
      <button type="button" onClick={() => void payAll(open).then(after)}>
        Mark as paid
      </button>
      {sendable.length > 0 && (
        <button type="button" onClick={() => void sendAll(sendable).then(after)}>
          Send by provider
        </button>
      )}
    </>
  )
}
