import { type Referral, stateNames } from '../../models/referrals.ts'
import { Badge, type Tone } from '../parts/page.tsx'

const tones: Record<Referral['status'], Tone> = {
  review: 'bad',
  attributed: 'quiet',
  qualified: 'good',
  rewarded: 'good',
  capped: 'waiting',
  rejected: 'bad',
  reversed: 'quiet',
}

export function ReferralState({ status }: Pick<Referral, 'status'>) {
  return <Badge tone={tones[status]}>{stateNames[status]}</Badge>
}
