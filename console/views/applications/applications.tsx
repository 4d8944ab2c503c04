import { useEffect, useRef } from 'preact/hooks'
import type { Application } from '../../../server/contract/applications.ts'
import { approve, reject, reviewAll } from '../../models/applications.ts'
import { type List, useList } from '../../models/list.ts'
import { useOne } from '../../models/one.ts'
import { beside, go } from '../../models/place.ts'
import { app, may, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { type Filter, Filters } from '../parts/filters.tsx'
import { isTyping, step } from '../parts/keys.ts'
import { Failed, Header, Loaded, Nothing, Skeleton } from '../parts/page.tsx'
import { Bulk, Pager } from '../parts/table.tsx'
import { Applicant } from './applicant.tsx'
import { Queue } from './queue.tsx'

const filters: Filter[] = [
  { name: 'search', label: 'Search', kind: 'search', placeholder: 'Name, address or company' },
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: [
      ['pending', 'Waiting'],
      ['approved', 'Approved'],
      ['rejected', 'Rejected'],
      ['all', 'All'],
    ],
  },
]

const at = (id: string) => beside(screen(`applications/${id}`))

/** Who wants to be a partner: a queue, and beside it the one that is being looked at. */
export default function Applications({ rest: [id] }: ScreenProps) {
  const list = useList<Application>({
    path: app('/affiliates/applications'),
    paging: 'page',
    filters: ['search', 'status'],
    defaults: { status: 'pending' },
  })
  const rows = list.rows.value ?? []
  const listed = id ? rows.find(each => each.id === id) : rows[0]
  // One that a link leads to may have been decided since, or stand on another page.
  const apart = useOne<Application>(
    id && list.rows.value && !listed ? app(`/affiliates/applications/${encodeURIComponent(id)}`) : '',
  )
  const shown = listed ?? apart.value.value
  const keys = useRef<(event: KeyboardEvent) => void>(() => {})

  const move = (by: number) => {
    const from = rows.findIndex(each => each.id === shown?.id)
    const next = rows[from + by]
    if (next) go(at(next.id), { keep: true, replace: true })
  }
  /** To the next that waits, so that a queue is worked through without looking for it. */
  const onward = (done: Application) => {
    const from = rows.findIndex(each => each.id === done.id)
    const next = [...rows.slice(from + 1), ...rows.slice(0, from)].find(each => each.status === 'pending')
    if (next) go(at(next.id), { keep: true, replace: true })
  }
  const decide = async (how: typeof approve, which: Application) => {
    if (!(await how(list, which))) return
    if (apart.value.peek()) void apart.load()
    else onward(which)
  }
  keys.current = event => {
    if (isTyping(event) || document.querySelector('dialog[open]')) return
    const by = step(event)
    const canDecide = shown?.status === 'pending' && may.manage.value
    if (by && !event.key.startsWith('Arrow')) move(by)
    else if (event.key === 'a' && canDecide) void decide(approve, shown)
    else if (event.key === 'r' && canDecide) void decide(reject, shown)
    else if (event.key === 'x' && shown && may.manage.value) list.choose([shown.id], !list.chosen.peek().has(shown.id))
    else return
    event.preventDefault()
  }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keys.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  return (
    <>
      <Header title="Applications" text={may.manage.value ? <Keys /> : undefined} />
      <Filters list={list} filters={filters} csv={list.csv()} />
      {list.failure.value && !list.rows.value ? (
        <Failed failure={list.failure.value} retry={() => void list.load()} />
      ) : !list.rows.value ? (
        <Skeleton />
      ) : !rows.length && !id ? (
        <Empty list={list} />
      ) : (
        <div class={id ? 'split open' : 'split'}>
          <div>
            {rows.length > 0 ? <Queue list={list} shown={shown?.id} at={at} /> : <Empty list={list} />}
            <Pager list={list} shown={rows.length} />
          </div>
          {shown ? (
            <Applicant
              key={shown.id}
              application={shown}
              back={beside(screen('applications'))}
              approve={() => void decide(approve, shown)}
              reject={() => void decide(reject, shown)}
            />
          ) : (
            <Loaded one={apart}>{() => null}</Loaded>
          )}
        </div>
      )}
      <Bulk list={list}>
        {ids => (
          <>
            <button type="button" onClick={() => void reviewAll(list, ids, 'approve')}>
              Approve
            </button>
            <button type="button" onClick={() => void reviewAll(list, ids, 'reject')}>
              Reject
            </button>
          </>
        )}
      </Bulk>
    </>
  )
}

function Keys() {
  return (
    <span class="keys">
      <kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>a</kbd> approve, <kbd>r</kbd> reject, <kbd>x</kbd> choose
    </span>
  )
}

function Empty({ list }: { list: List<Application> }) {
  if (list.filter('search'))
    return (
      <Nothing title="Nothing matches" text="Ask for less.">
        <button type="button" onClick={() => list.clear()}>
          Clear the filters
        </button>
      </Nothing>
    )
  if (list.filter('status') !== 'pending')
    return <Nothing title="Nothing here yet" text="Applications that were decided stand here." />
  return (
    <Nothing
      title="Nobody is waiting"
      text="Applications come in by the form on your site, or from your own server. They wait here for your answer."
    >
      <a class="button" href={screen('settings/install')}>
        Put the form on your site
      </a>
    </Nothing>
  )
}
