import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { count } from '../../format.ts'
import type { List } from '../../models/list.ts'
import { isTyping, step } from './keys.ts'
import { Failed, Nothing, Skeleton } from './page.tsx'

export type Column<Row> = {
  name: string
  /** What the head says; `name` where it is left out, nothing where it is empty. */
  head?: string
  cell: (row: Row) => ComponentChildren
  /** What the row is known by: its link, and the first line on a phone. One column has it. */
  main?: boolean
  /** Figures stand at the end. */
  end?: boolean
  quiet?: boolean
  /** Only where there is room. */
  wide?: boolean
  /** What `sort` takes, where the server sorts by it. */
  sort?: string
}

type Props<Row> = {
  /** What the table holds, to a screen reader. */
  label: string
  list: List<Row>
  columns: readonly Column<Row>[]
  /** Where a row leads, if it does; `keep` opens it beside the list, without scrolling away. */
  href?: (row: Row) => string | undefined
  keep?: boolean
  /** Which row is open beside the list. */
  current?: string | undefined
  /** What can be done with several at once; makes rows choosable. */
  bulk?: (ids: string[]) => ComponentChildren
  /** What an empty list says: what would fill it. */
  empty: { title: string; text?: ComponentChildren; action?: ComponentChildren }
}

/**
 * A list as a table, two-line rows on a phone. j and k, or the arrows, go from row to row; Enter opens one; x chooses it.
 */
export function Table<Row>({ label, list, columns, href, keep, current, bulk, empty }: Props<Row>) {
  const table = useRef<HTMLTableElement>(null)
  useEffect(() => {
    const keys = (event: KeyboardEvent) => table.current && onKey(event, table.current)
    document.addEventListener('keydown', keys)
    return () => document.removeEventListener('keydown', keys)
  }, [])
  const rows = list.rows.value
  const failure = list.failure.value
  if (failure && !rows)
    return (
      <Failed failure={failure} retry={() => void list.load()}>
        {list.isFiltered.value && (
          <button type="button" onClick={() => list.clear()}>
            Clear the filters
          </button>
        )}
      </Failed>
    )
  if (!rows) return <Skeleton />
  if (!rows.length && list.isFiltered.value)
    return (
      <Nothing title="Nothing matches" text="Ask for less.">
        <button type="button" onClick={() => list.clear()}>
          Clear the filters
        </button>
      </Nothing>
    )
  if (!rows.length)
    return (
      <Nothing title={empty.title} text={empty.text}>
        {empty.action}
      </Nothing>
    )
  const ids = rows.map(list.idOf)
  const chosen = list.chosen.value
  const isAll = ids.every(id => chosen.has(id))
  return (
    <>
      <table class="table" ref={table} aria-label={label} aria-busy={list.waiting.value}>
        <thead>
          <tr>
            {bulk && (
              <th scope="col" class="choose">
                <input
                  type="checkbox"
                  aria-label="Choose all that are shown"
                  checked={isAll}
                  ref={box => {
                    if (box) box.indeterminate = !isAll && chosen.size > 0
                  }}
                  onChange={() => list.choose(ids, !isAll)}
                />
              </th>
            )}
            {columns.map(column => (
              <Head key={column.name} list={list} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => {
            const id = list.idOf(row)
            return (
              <tr key={id} aria-current={id === current ? 'true' : undefined} data-chosen={chosen.has(id) || undefined}>
                {bulk && (
                  <td class="choose">
                    <input
                      type="checkbox"
                      aria-label={`Choose row ${ids.indexOf(id) + 1}`}
                      checked={chosen.has(id)}
                      onChange={event => list.choose([id], event.currentTarget.checked)}
                    />
                  </td>
                )}
                {columns.map(column => (
                  <Cell key={column.name} column={column} row={row} href={href?.(row)} keep={keep} />
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      <Pager list={list} shown={rows.length} />
      {bulk && <Bulk list={list}>{bulk}</Bulk>}
    </>
  )
}

type BulkProps<Row> = { list: List<Row>; children: (ids: string[]) => ComponentChildren }

/** What can be done with those that are chosen; nothing while none is. */
export function Bulk<Row>({ list, children }: BulkProps<Row>) {
  const chosen = [...list.chosen.value]
  if (!chosen.length) return null
  return (
    <div class="bulk" role="toolbar" aria-label="With those that are chosen">
      <span role="status">{count(chosen.length)} chosen</span>
      {children(chosen)}
      <button type="button" class="plain" onClick={() => list.choose(chosen, false)}>
        Choose none
      </button>
    </div>
  )
}

function Head<Row>({ list, column }: { list: List<Row>; column: Column<Row> }) {
  const { name, head = name, sort } = column
  const now = list.filter('sort')
  const direction = sort && now === sort ? 'ascending' : sort && now === `-${sort}` ? 'descending' : undefined
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction}>
      {sort ? (
        <button type="button" onClick={() => list.set({ sort: direction === 'ascending' ? `-${sort}` : sort })}>
          {head}
        </button>
      ) : (
        head || <span class="hidden">{name}</span>
      )}
    </th>
  )
}

function Cell<Row>({
  column,
  row,
  href,
  keep,
}: {
  column: Column<Row>
  row: Row
  href: string | undefined
  keep: boolean | undefined
}) {
  const inside = column.cell(row)
  if (!column.main || !href) return <td class={classOf(column)}>{inside}</td>
  return (
    <th scope="row" class={classOf(column)}>
      <a href={href} data-row data-keep={keep || undefined}>
        {inside}
      </a>
    </th>
  )
}

const classOf = ({ main, end, quiet, wide }: Column<never>) =>
  [main && 'main', end && 'end', quiet && 'quiet', wide && 'wide'].filter(Boolean).join(' ') || undefined

/** The way to the rest of a list. */
export function Pager<Row>({ list, shown }: { list: List<Row>; shown: number }) {
  if (list.paging === 'cursor')
    return list.hasMore.value ? (
      <div class="pager">
        <button type="button" aria-disabled={list.waiting.value} onClick={() => void list.more()}>
          Show more
        </button>
      </div>
    ) : null
  const total = list.total.value
  const page = list.page.value
  const pages = total === undefined ? page : Math.max(1, Math.ceil(total / list.size))
  if (list.paging === 'whole' || (pages === 1 && page === 1)) return null
  const first = (page - 1) * list.size + 1
  return (
    <nav class="pager" aria-label="Pages">
      <span class="muted">
        {count(first)}–{count(first + shown - 1)} of {count(total ?? 0)}
      </span>
      <button type="button" disabled={page <= 1} onClick={() => list.set({ page: String(page - 1) })}>
        Earlier page
      </button>
      <button type="button" disabled={page >= pages} onClick={() => list.set({ page: String(page + 1) })}>
        Next page
      </button>
    </nav>
  )
}

function onKey(event: KeyboardEvent, table: HTMLTableElement) {
  if (isTyping(event) || document.querySelector('dialog[open]')) return
  const links = [...table.querySelectorAll<HTMLElement>('[data-row]')]
  const inTable = table.contains(document.activeElement)
  const by = step(event)
  if (by && (inTable || !event.key.startsWith('Arrow'))) {
    const row = document.activeElement?.closest('tr')
    const at = links.findIndex(link => link.closest('tr') === row)
    const next = links[Math.min(links.length - 1, Math.max(0, at + by))]
    next?.focus()
    event.preventDefault()
  } else if (event.key === 'x' && inTable) {
    document.activeElement?.closest('tr')?.querySelector<HTMLInputElement>('td.choose input')?.click()
  }
}
