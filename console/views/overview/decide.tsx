import { count } from '../../format.ts'
import { screen } from '../../models/session.ts'
import type { Waiting } from '../../models/waiting.ts'
import { screens } from '../../screens.ts'
import { Badge, type Tone } from '../parts/page.tsx'

type Decision = { of: keyof Waiting; one: string; many: string; to: string; tone: Tone }

const decisions: Decision[] = [
  { of: 'stuck', one: 'thing is stuck', many: 'things are stuck', to: 'stuck', tone: 'bad' },
  { of: 'payoutsFailed', one: 'payout failed', many: 'payouts failed', to: 'payouts?status=failed', tone: 'bad' },
  { of: 'applications', one: 'application', many: 'applications', to: 'applications', tone: 'waiting' },
  {
    of: 'heldReferrals',
    one: 'referral held for review',
    many: 'referrals held for review',
    to: 'referrals?status=review',
    tone: 'waiting',
  },
  { of: 'heldCommissions', one: 'commission held', many: 'commissions held', to: 'commissions?status=held', tone: 'waiting' },
  { of: 'rewardsInReview', one: 'reward in review', many: 'rewards in review', to: 'referrals?status=review', tone: 'waiting' },
  { of: 'payoutsProposed', one: 'payout to pay', many: 'payouts to pay', to: 'payouts?status=pending', tone: 'waiting' },
]

/** What waits for somebody, each with the way to it. */
export function Decide({ decide, stuck }: { decide: Omit<Waiting, 'stuck'>; stuck: number }) {
  const all: Waiting = { ...decide, stuck }
  const due = decisions.filter(({ of, to }) => all[of] > 0 && screens.some(({ path }) => path === to.split('?')[0]))
  if (!due.length)
    return (
      <p class="all-done">
        <Badge tone="good">Nothing waits for a decision</Badge>
      </p>
    )
  return (
    <ul class="decide" aria-label="What waits for a decision">
      {due.map(({ of, one, many, to, tone }) => (
        <li key={of}>
          <a href={screen(to)} class={tone}>
            <strong>{count(all[of])}</strong> {all[of] === 1 ? one : many}
          </a>
        </li>
      ))}
    </ul>
  )
}
