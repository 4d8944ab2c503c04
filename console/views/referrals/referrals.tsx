import { counted } from '../../format.ts'
import { useList } from '../../models/list.ts'
import { beside, goBack } from '../../models/place.ts'
import { type Referral, reasons, stateNames, whoIs } from '../../models/referrals.ts'
import { program, screen } from '../../models/session.ts'
import { waiting } from '../../models/waiting.ts'
import type { ScreenProps } from '../../screens.ts'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Header, Note } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/values.tsx'
import { ReferralDrawer } from './referral.tsx'
import { ReferralState } from './state.tsx'

const filters: Filter[] = [
  { name: 'search', label: 'Search', kind: 'search', placeholder: 'Name, address, id or code' },
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: [['', 'All'], ...(Object.entries(stateNames) as [string, string][])],
  },
  { name: 'campaign', label: 'Campaign', kind: 'text' },
]

const columns: Column<Referral>[] = [
  {
    name: 'Who came',
    main: true,
    cell: row => (
      <>
        {whoIs(row.referred)}
        {row.referred.customerId && <span class="sub">{row.referred.customerId}</span>}
      </>
    ),
  },
  {
    name: 'By',
    cell: row => (
      <>
        {whoIs(row.referrer)}
        <span class="sub">{row.code}</span>
      </>
    ),
  },
  {
    name: 'State',
    cell: row => (
      <>
        <ReferralState status={row.status} />
        {row.reviewReasons.length > 0 && <span class="sub">{row.reviewReasons.map(each => reasons[each][0]).join(', ')}</span>}
      </>
    ),
  },
  { name: 'Campaign', wide: true, quiet: true, cell: row => row.campaign },
  { name: 'Date', end: true, quiet: true, cell: row => <When at={row.createdAt} /> },
]

/** Who came by whom, and what of it is held. */
export default function Referrals({ rest: [id] }: ScreenProps) {
  const list = useList<Referral>({
    path: '/admin/referrals',
    paging: 'page',
    filters: ['search', 'status', 'campaign'],
    // Its pages go by `limit`; every list here shows as many at a time.
    fixed: { appId: program.value?.id ?? '', limit: '25' },
  })
  const held = waiting.value.heldReferrals ?? 0
  return (
    <>
      <Header title="Referrals" text="Customers who came by somebody's code, partners' and customers' alike." />
      {held > 0 && list.filter('status') !== 'review' && (
        <Note tone="waiting">
          {counted(held, 'referral')} {held === 1 ? 'is' : 'are'} held for review.{' '}
          <a href={`${screen('referrals')}?status=review`}>Look at {held === 1 ? 'it' : 'them'}</a>
        </Note>
      )}
      <Filters list={list} filters={filters} csv={list.csv()} />
      <Table
        label="Referrals"
        list={list}
        columns={columns}
        href={row => beside(screen(`referrals/${row.id}`))}
        keep
        current={id}
        empty={{
          title: 'Nobody has come by a code yet',
          text: 'A referral is made when your backend tells of a signup: POST /v1/referrals with what the snippet has remembered.',
        }}
      />
      {id && (
        <ReferralDrawer id={id} close={() => goBack(beside(screen('referrals')))} changed={known => list.patch(id, known)} />
      )}
    </>
  )
}
