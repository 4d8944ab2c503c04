import { count } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useList } from '../../models/list.ts'
import { app, may, screen } from '../../models/session.ts'
import { kindNames, retry, type Stuck as Thing } from '../../models/stuck.ts'
import type { ScreenProps } from '../../screens.ts'
import { Header } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Id, When } from '../parts/values.tsx'

const columns: Column<Thing>[] = [
  {
    name: 'What',
    main: true,
    cell: row => (
      <>
        {kindNames[row.kind]}
        <span class="sub">{row.says}</span>
      </>
    ),
  },
  {
    name: 'About',
    cell: row => (row.kind === 'payout' ? <a href={screen(`payouts/${row.object}`)}>See the payout</a> : <Id>{row.object}</Id>),
  },
  { name: 'Last heard', cell: row => row.reason, quiet: true },
  { name: 'Tried', cell: row => `${count(row.attempts)} ×`, quiet: true },
  { name: 'Since', end: true, cell: row => <When at={row.since} since /> },
]

/** What does not go on by itself, or waits longer than it should; and one safe way to try it again. */
export default function Stuck(_: ScreenProps) {
  const acts = useActs()
  const list = useList<Thing>({ path: app('/stuck'), paging: 'whole' })
  const rows = list.rows.value ?? []
  const again = (ids?: string[]) =>
    acts.run(
      'retry',
      async () => {
        await retry(ids)
        await list.load({ quietly: true })
      },
      { aloud: true },
    )
  const total = list.total.value ?? 0
  return (
    <>
      <Header
        title="Stuck"
        text="What does not go on by itself. Trying again is safe: nothing is sent, paid or granted twice by it."
      >
        {may.manage.value && rows.some(each => each.retry) && (
          <button type="button" class="primary" aria-disabled={!!acts.doing.value} onClick={() => void again()}>
            {acts.doing.value ? 'Trying …' : 'Try all again'}
          </button>
        )}
      </Header>
      <Table
        label="What is stuck"
        list={list}
        columns={columns}
        {...(may.manage.value && {
          bulk: (ids: string[]) => {
            const able = rows.filter(each => each.retry && ids.includes(each.id)).map(each => each.id)
            if (!able.length) return <span class="muted">These cannot be tried from here</span>
            return (
              <button type="button" aria-disabled={!!acts.doing.value} onClick={() => void again(able)}>
                Try again
              </button>
            )
          },
        })}
        empty={{
          title: 'Nothing is stuck',
          text: 'Mails, webhooks, payouts and rewards go on by themselves. What no longer does stands here.',
        }}
      />
      {total > rows.length && <p class="hint">And {count(total - rows.length)} more, which come up as these go.</p>}
    </>
  )
}
