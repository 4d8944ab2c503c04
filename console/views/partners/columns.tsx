import { nameOf, type Partner } from '../../models/partners.ts'
import type { Column } from '../parts/table.tsx'

/** By what a partner is known in every list: the name or the address, and the code. */
export const known: Column<Partner>[] = [
  {
    name: 'Name',
    main: true,
    cell: row => (
      <>
        {nameOf(row)}
        {row.first_name && <span class="sub">{row.email}</span>}
      </>
    ),
  },
  { name: 'Code', cell: row => row.slug },
]
