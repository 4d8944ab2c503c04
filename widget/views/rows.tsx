// biome-ignore-all lint/a11y/useSemanticElements: on a narrow card the rows become grids, and some browsers take a table that is laid out as none for text unless its roles are spelt out.
// biome-ignore-all lint/a11y/noRedundantRoles: the same.
import type { ComponentChildren } from 'preact'

type Columns = [string, string, string, string]
type Cells = [ComponentChildren, ComponentChildren, ComponentChildren, ComponentChildren]

/** A table of four columns: when, what, how it stands, how much. On a narrow card each row takes two lines. */
export function Rows({
  label,
  part,
  columns,
  children,
}: {
  label: string
  part: string
  columns: Columns
  children: ComponentChildren
}) {
  return (
    <table class={`rows ${part}`} role="table" aria-labelledby={label} part={part}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th role="columnheader" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  )
}

export function Row({ cells: [when, what, state, amount] }: { cells: Cells }) {
  return (
    <tr role="row">
      {/* Dates and amounts keep their own order in a page of the other direction. */}
      <td role="cell">
        <bdi>{when}</bdi>
      </td>
      <td role="cell">{what}</td>
      <td role="cell">{state}</td>
      <td role="cell" class={typeof amount === 'string' && amount.length > 13 ? 'long' : undefined}>
        <bdi>{amount}</bdi>
      </td>
    </tr>
  )
}
