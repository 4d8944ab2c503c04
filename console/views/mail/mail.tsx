import type { MailRow } from '../../../server/contract/console.ts'
import { useList } from '../../models/list.ts'
import { app, screen } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Filters } from '../parts/filters.tsx'
import { Badge, Header, type Tone } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/values.tsx'

const states: Record<MailRow['state'], readonly [Tone, string]> = {
  waiting: ['waiting', 'Waiting'],
  sent: ['good', 'Sent'],
  failed: ['bad', 'Failed'],
}

const columns: Column<MailRow>[] = [
  {
    name: 'Subject',
    main: true,
    cell: row => (
      <>
        {row.subject}
        {row.failure && <span class="sub">{row.failure}</span>}
      </>
    ),
  },
  { name: 'To', cell: row => row.to, quiet: true },
  { name: 'State', cell: row => <Badge tone={states[row.state][0]}>{states[row.state][1]}</Badge> },
  { name: 'Tried', wide: true, cell: row => (row.attempts ? `${row.attempts} ×` : ''), quiet: true },
  { name: 'When', end: true, cell: row => <When at={row.sentAt ?? row.createdAt} hour /> },
]

/** Every mail of the program: what was sent, what waits, and what could not be. */
export default function Mail(_: ScreenProps) {
  const list = useList<MailRow>({ path: app('/mails'), paging: 'cursor', filters: ['state'] })
  return (
    <>
      <Header
        title="Mail"
        text={
          <>
            Without a mail server the mails wait here. What failed can be tried again under <a href={screen('stuck')}>Stuck</a>.
          </>
        }
      />
      <Filters
        list={list}
        csv={list.csv()}
        filters={[
          {
            name: 'state',
            label: 'State',
            kind: 'choice',
            options: [['', 'All'], ...Object.entries(states).map(([state, [, name]]) => [state, name] as const)],
          },
        ]}
      />
      <Table
        label="Mails"
        list={list}
        columns={columns}
        empty={{ title: 'No mail yet', text: 'The first is written when somebody applies.' }}
      />
    </>
  )
}
