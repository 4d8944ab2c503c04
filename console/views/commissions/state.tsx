import { day } from '../../format.ts'
import { type Commission, statusNames } from '../../models/commissions.ts'
import { program } from '../../models/session.ts'
import { Badge, type Tone } from '../parts/page.tsx'

const tones: Record<Commission['status'], Tone> = {
  pending: 'waiting',
  approved: 'good',
  paid: 'quiet',
  held: 'bad',
  rejected: 'bad',
  reversed: 'quiet',
}

/** Where a commission stands; one that is pending says until when. */
export function CommissionState({ status, availableAt }: Pick<Commission, 'status' | 'availableAt'>) {
  const until = status === 'pending' ? ` until ${day(availableAt, program.value?.timeZone)}` : ''
  return (
    <Badge tone={tones[status]}>
      {statusNames[status]}
      {until}
    </Badge>
  )
}

/** What a commission was earned for, in a few words. */
export function earnedFor({ why, productId }: Pick<Commission, 'why' | 'productId'>) {
  if (why.kind === 'adjustment') return why.note
  return productId ?? 'A payment'
}
