import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { List } from '../../models/list.ts'

type Option = readonly [value: string, name: string]
export type Filter =
  | { name: string; label: string; kind: 'search'; placeholder?: string }
  | { name: string; label: string; kind: 'choice'; options: readonly Option[] }
  | { name: string; label: string; kind: 'date' | 'month' | 'text' }

type Props<Row> = {
  list: List<Row>
  filters: readonly Filter[]
  /** The same list for a spreadsheet. */
  csv?: string
  children?: ComponentChildren
}

const TYPED_MS = 250

/** What may be asked of a list: its words stand in the address, so that what is shown can be sent to somebody. */
export function Filters<Row>({ list, filters, csv, children }: Props<Row>) {
  if (!filters.length && !list.rows.value?.length) return null
  return (
    <search class="filters">
      {filters.map(filter => (
        <One key={filter.name} list={list} filter={filter} />
      ))}
      {list.isFiltered.value && (
        <button type="button" class="plain" onClick={() => list.clear()}>
          Clear
        </button>
      )}
      <span class="end">
        {children}
        {csv && (
          <a class="button" href={csv} download>
            Export CSV
          </a>
        )}
      </span>
    </search>
  )
}

function One<Row>({ list, filter }: { list: List<Row>; filter: Filter }) {
  const id = useId()
  const value = list.filter(filter.name)
  const field = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The address may change under it, by going back or by clearing; while somebody types, they know better.
  useEffect(() => {
    if (field.current && field.current !== document.activeElement) field.current.value = value
    if (field.current && !value && !timer.current) field.current.value = ''
  }, [value])
  const set = (text: string, wait = 0) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      timer.current = undefined
      list.set({ [filter.name]: text.trim() })
    }, wait)
  }
  if (filter.kind === 'choice')
    return (
      <span class="filter">
        <label for={id}>{filter.label}</label>
        <select id={id} value={value} onChange={event => list.set({ [filter.name]: event.currentTarget.value })}>
          {filter.options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </span>
    )
  const isSearch = filter.kind === 'search'
  return (
    <span class={isSearch ? 'filter search' : 'filter'}>
      <label for={id} class={isSearch ? 'hidden' : ''}>
        {filter.label}
      </label>
      <input
        id={id}
        ref={field}
        type={filter.kind as 'text'}
        defaultValue={value}
        placeholder={isSearch ? (filter.placeholder ?? filter.label) : undefined}
        autocomplete="off"
        spellcheck={false}
        data-search={isSearch || undefined}
        onInput={event => set(event.currentTarget.value, filter.kind === 'date' || filter.kind === 'month' ? 0 : TYPED_MS)}
      />
    </span>
  )
}
