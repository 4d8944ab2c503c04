import { type Payout, statusNames } from '../../models/payouts.ts'
import { methodNames } from '../partners/state.tsx'
import { Badge, type Tone } from '../parts/page.tsx'

/** What a partner has to give before they can be paid, by the server's names for it. */
export const missingNames: Record<string, string> = {
  payout_method: 'how they want to be paid',
  payout_email: 'an address for payouts',
  stripe_account_id: 'a Stripe account',
  'metadata.wallet_address': 'a wallet',
}

const tones: Record<Payout['status'], Tone> = { pending: 'waiting', paid: 'good', failed: 'bad' }

/** Where a payout stands; one that is open says what keeps it. */
export function PayoutState({ status, payable, missing }: Pick<Payout, 'status' | 'payable' | 'missing'>) {
  if (status !== 'pending' || payable) return <Badge tone={tones[status]}>{statusNames[status]}</Badge>
  return <Badge tone={missing.length ? 'bad' : 'waiting'}>{missing.length ? 'Details missing' : 'Being sent'}</Badge>
}

export const methodOf = ({ method }: Pick<Payout, 'method'>) => (method ? (methodNames[method] ?? method) : 'Not said')
