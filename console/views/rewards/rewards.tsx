import type * as v from 'valibot'
import type { Recovered } from '../../../server/contract/rewards.ts'
import { ask } from '../../api.ts'
import { count } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useList } from '../../models/list.ts'
import { goBack, goQuery, place } from '../../models/place.ts'
import { type Referral, whoIs } from '../../models/referrals.ts'
import { may, program, screen } from '../../models/session.ts'
import { say } from '../../models/telling.ts'
import type { ScreenProps } from '../../screens.ts'
import { Header, Tabs } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/values.tsx'
import { ReferralDrawer } from '../referrals/referral.tsx'
import { ReferralState } from '../referrals/state.tsx'

const views = {
  '': { name: 'To be looked at', fixed: { status: 'review' }, empty: 'Nothing waits to be looked at' },
  waiting: { name: 'Not granted yet', fixed: { pending_grant: 'true' }, empty: 'Every reward has been granted' },
  granted: { name: 'Rewarded', fixed: { status: 'rewarded' }, empty: 'Nobody has been rewarded yet' },
} as const

const columns: Column<Referral>[] = [
  { name: 'Who came', main: true, cell: row => whoIs(row.referred) },
  { name: 'By', cell: row => whoIs(row.referrer) },
  { name: 'State', cell: row => <ReferralState status={row.status} /> },
  {
    name: 'Last heard',
    wide: true,
    quiet: true,
    cell: row => row.rewards.find(each => each.status === 'pending')?.lastOutcome?.replaceAll('_', ' '),
  },
  { name: 'Date', quiet: true, cell: row => <When at={row.createdAt} /> },
  { name: 'Credits', end: true, cell: row => count(row.rewards.reduce((sum, each) => sum + each.credits, 0)) },
]

/** What customers get for bringing friends: what waits to be looked at, and what could not be granted yet. */
export default function Rewards({ rest: [part = ''] }: ScreenProps) {
  const view = part in views ? (part as keyof typeof views) : ''
  const { fixed, empty } = views[view]
  const acts = useActs()
  const list = useList<Referral>({
    path: '/admin/referrals',
    paging: 'page',
    fixed: { appId: program.value?.id ?? '', limit: '25', ...fixed },
  })
  const open = place.value.query.get('referral') ?? ''
  const recover = () =>
    acts.run(
      'recover',
      async () => {
        const query = { appId: program.value?.id, limit: 100 }
        const answer = await ask<v.InferOutput<typeof Recovered>>('POST', '/admin/referrals/recover', { query })
        const { attempted, granted, failed, pending } = answer
        say(
          attempted
            ? `${count(granted)} granted, ${count(failed)} failed, ${count(pending)} still waiting`
            : 'There is nothing to grant again',
          failed ? 'bad' : 'good',
        )
        await list.load({ quietly: true })
      },
      { aloud: true },
    )
  return (
    <>
      <Header title="Rewards" text="Credits for customers who bring their friends. What they get stands under Settings, Rewards.">
        {may.manage.value && (
          <button type="button" aria-disabled={!!acts.doing.value} onClick={() => void recover()}>
            {acts.doing.value ? 'Granting …' : 'Grant what is waiting'}
          </button>
        )}
      </Header>
      <Tabs
        label="Rewards"
        tabs={Object.entries(views).map(([path, { name }]) => ({
          name,
          href: screen(path ? `rewards/${path}` : 'rewards'),
          current: path === view,
        }))}
      />
      <Table
        label="Rewards"
        list={list}
        columns={columns}
        href={row => `${place.value.path}?referral=${row.id}`}
        keep
        current={open}
        empty={{ title: empty, text: 'Rewards are made when a customer who came by another customer’s link pays or signs up.' }}
      />
      {open && (
        <ReferralDrawer
          id={open}
          close={() => (place.value.turn === 'push' ? goBack(place.value.path) : goQuery({ referral: undefined }))}
          changed={known => {
            list.patch(open, known)
            void list.load({ quietly: true })
          }}
        />
      )}
    </>
  )
}
