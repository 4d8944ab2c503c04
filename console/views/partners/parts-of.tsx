import type { AuditEntry } from '../../../server/contract/audit.ts'
import type { Payout } from '../../../server/contract/payouts.ts'
import type { Commission } from '../../models/commissions.ts'
import { useList } from '../../models/list.ts'
import { app, screen } from '../../models/session.ts'
import { CommissionState, earnedFor } from '../commissions/state.tsx'
import { Badge } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Money, When } from '../parts/values.tsx'
import { methodNames } from './state.tsx'

type OfOne = { id: string }

const commissionColumns: Column<Commission>[] = [
  { name: 'Date', quiet: true, cell: row => <When at={row.occurredAt} /> },
  { name: 'For', main: true, cell: earnedFor },
  { name: 'State', cell: row => <CommissionState {...row} /> },
  { name: 'Amount', end: true, cell: row => <Money minor={row.amount} currency={row.currency} /> },
]

export function PartnerCommissions({ id }: OfOne) {
  const list = useList<Commission>({ path: app('/commissions'), paging: 'cursor', fixed: { partnerId: id }, apart: true })
  return (
    <Table
      label="Commissions"
      list={list}
      columns={commissionColumns}
      href={row => `${screen(`commissions/${row.id}`)}?partnerId=${id}`}
      empty={{ title: 'Nothing earned yet', text: 'A commission is made when a customer whom they brought pays.' }}
    />
  )
}

const payoutColumns: Column<Payout>[] = [
  { name: 'Made', quiet: true, cell: row => <When at={row.createdAt} /> },
  { name: 'By', main: true, cell: row => methodNames[row.method ?? ''] ?? row.method ?? 'No method said' },
  {
    name: 'State',
    cell: row =>
      row.paidAt ? (
        <Badge tone="good">
          Paid <When at={row.paidAt} />
        </Badge>
      ) : row.failedAt ? (
        <Badge tone="bad">Failed</Badge>
      ) : (
        <Badge tone="waiting">Waiting</Badge>
      ),
  },
  { name: 'Amount', end: true, cell: row => <Money minor={row.amount} currency={row.currency} /> },
]

export function PartnerPayouts({ id }: OfOne) {
  const list = useList<Payout>({ path: app('/payouts'), paging: 'cursor', fixed: { partnerId: id }, apart: true })
  return (
    <Table
      label="Payouts"
      list={list}
      columns={payoutColumns}
      href={row => screen(`payouts/${row.id}`)}
      empty={{ title: 'No payout yet', text: 'They are paid when what is approved reaches the minimum of the program.' }}
    />
  )
}

type Code = { code: string; label: string | null; url: string; createdAt: string; retiredAt: string | null }

const codeColumns: Column<Code>[] = [
  {
    name: 'Code',
    main: true,
    cell: row => (
      <>
        {row.code}
        {row.label && <span class="sub">{row.label}</span>}
      </>
    ),
  },
  { name: 'State', cell: row => (row.retiredAt ? <Badge tone="quiet">Retired</Badge> : <Badge tone="good">In use</Badge>) },
  { name: 'Made', end: true, quiet: true, cell: row => <When at={row.createdAt} /> },
]

export function PartnerCodes({ id }: OfOne) {
  const list = useList<Code>({ path: app('/codes'), paging: 'cursor', fixed: { partnerId: id }, apart: true, key: 'code' })
  return <Table label="Codes" list={list} columns={codeColumns} empty={{ title: 'No code' }} />
}

const changeColumns: Column<AuditEntry>[] = [
  { name: 'When', quiet: true, cell: row => <When at={row.at} hour /> },
  { name: 'What', main: true, cell: row => acted(row.action) },
  {
    name: 'Fields',
    wide: true,
    quiet: true,
    cell: row => row.before && [...new Set([...keys(row.before), ...keys(row.after)])].join(', '),
  },
  { name: 'Who', end: true, cell: row => row.actor.label ?? row.actor.kind },
]
const acted = (action: string) => {
  const words = action.replace('.', ' ').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
const keys = (fields: AuditEntry['before']) => Object.keys(fields ?? {})

export function PartnerChanges({ id }: OfOne) {
  const list = useList<AuditEntry>({ path: app('/audit'), paging: 'cursor', fixed: { object: id }, apart: true })
  return (
    <Table
      label="Changes"
      list={list}
      columns={changeColumns}
      empty={{ title: 'Nothing was changed', text: 'What admins, keys and the partner change stands here, with who and when.' }}
    />
  )
}
