import type { Partner } from '../../models/partners.ts'
import { Badge, type Tone } from '../parts/page.tsx'

const states: Record<Partner['status'], [Tone, string]> = {
  invited: ['waiting', 'Invited'],
  active: ['good', 'Active'],
  deactivated: ['bad', 'Deactivated'],
}

export function PartnerState({ status }: Pick<Partner, 'status'>) {
  const [tone, name] = states[status]
  return <Badge tone={tone}>{name}</Badge>
}

export const methodNames: Record<string, string> = {
  paypal: 'PayPal',
  stripe: 'Stripe',
  bank_transfer: 'Bank transfer',
  crypto: 'Crypto',
}
