import type { Application } from '../../../server/contract/applications.ts'
import type { List } from '../../models/list.ts'
import { may } from '../../models/session.ts'
import { Badge, type Tone } from '../parts/page.tsx'
import { When } from '../parts/values.tsx'

type Props = { list: List<Application>; shown: string | undefined; at: (id: string) => string }

const states: Record<Application['status'], [Tone, string]> = {
  pending: ['waiting', 'Waiting'],
  approved: ['good', 'Approved'],
  rejected: ['bad', 'Rejected'],
}

export function ApplicationState({ status }: Pick<Application, 'status'>) {
  const [tone, name] = states[status]
  return <Badge tone={tone}>{name}</Badge>
}

/** The names of those who wait, newest first. */
export function Queue({ list, shown, at }: Props) {
  const chosen = list.chosen.value
  return (
    <ul class="queue" aria-busy={list.waiting.value}>
      {list.rows.value?.map(each => (
        <li key={each.id} data-chosen={chosen.has(each.id) || undefined}>
          {may.manage.value && (
            <input
              type="checkbox"
              aria-label={`Choose ${each.name}`}
              checked={chosen.has(each.id)}
              disabled={each.status !== 'pending'}
              onChange={event => list.choose([each.id], event.currentTarget.checked)}
            />
          )}
          <a href={at(each.id)} data-keep aria-current={each.id === shown ? 'true' : undefined} ref={seen(each.id === shown)}>
            <strong>{each.name}</strong>
            <span class="muted">
              <When at={each.createdAt} since />
            </span>
            <span class="muted">{each.company || each.email}</span>
            {each.status !== 'pending' && <ApplicationState status={each.status} />}
          </a>
        </li>
      ))}
    </ul>
  )
}

// The keyboard may go beyond what is on the screen.
const seen = (isShown: boolean) => (link: HTMLElement | null) => {
  if (isShown) link?.scrollIntoView({ block: 'nearest' })
}
