import type { NewPaypalPayouts, NewStripePayouts } from '../contract/sending.ts'
import type { PayoutProvider } from '../providers/payout-provider.ts'
import { paypalPayouts } from '../providers/paypal-payouts.ts'
import { stripeTransfers } from '../providers/stripe-transfers.ts'
import type { Provider } from '../rules/sending.ts'
import { inTransaction } from '../store/database.ts'
import type { Connection } from '../store/payout-providers.ts'
import * as connections from '../store/payout-providers.ts'
import type { Program } from '../store/programs.ts'
import * as sendings from '../store/sendings.ts'
import { record } from './audit.ts'
import type { Desk } from './desk.ts'
import { opened, sealed } from './sealed.ts'

export type Credentials =
  | ({ provider: 'stripe' } & NewStripePayouts)
  | ({ provider: 'paypal' } & Pick<NewPaypalPayouts, 'clientId' | 'clientSecret' | 'environment'>)

/**
 * A program's payouts by this provider are sent with these credentials from now on. What is under way from the account of
 * others waits until those are back: asked after elsewhere, it would look as if it had never been sent.
 */
export function connect(desk: Desk, program: Program, credentials: Credentials): Promise<Connection> {
  const { provider } = credentials
  const createdAt = desk.clock().toISOString()
  const environment = environmentOf(credentials)
  const secret = sealed(desk, ownerOf(program.id, provider), JSON.stringify(credentials))
  const hint = (credentials.provider === 'stripe' ? credentials.secretKey : credentials.clientId).slice(-4)
  return inTransaction(desk.database, async db => {
    const before = await connections.find(db, program.id, provider)
    const row = await connections.put(db, { programId: program.id, provider, environment, secret, hint, createdAt })
    await sendings.hasten(db, { programId: program.id, provider, now: createdAt })
    await record(desk, db, program, {
      action: 'payout_provider.connected',
      object: program.id,
      before: before ? tellable(before) : null,
      after: tellable(row),
    })
    return row
  })
}

/** Nothing is sent by this provider any more, and nothing is asked after there. Without a connection nothing changes. */
export function disconnect(desk: Desk, program: Program, provider: Provider) {
  return inTransaction(desk.database, async db => {
    const before = await connections.find(db, program.id, provider)
    if (!before) return
    await connections.remove(db, program.id, provider)
    await record(desk, db, program, {
      action: 'payout_provider.disconnected',
      object: program.id,
      before: tellable(before),
    })
  })
}

/** The provider that a connection leads to, or null where its credentials cannot be read any more. */
export async function providerOf(desk: Desk, connection: Connection, signal: AbortSignal): Promise<PayoutProvider | null> {
  const { programId, provider } = connection
  const text = opened(desk, ownerOf(programId, provider), connection.secret)
  if (text === null) return null
  const credentials: Credentials = JSON.parse(text)
  const reach = { ...desk.payoutProviders, signal }
  return credentials.provider === 'stripe'
    ? stripeTransfers({ ...credentials, environment: connection.environment }, reach)
    : paypalPayouts(credentials, reach)
}

function environmentOf(credentials: Credentials) {
  if (credentials.provider === 'paypal') return credentials.environment
  return /^.k_test_/.test(credentials.secretKey) ? 'sandbox' : 'live'
}

const ownerOf = (programId: string, provider: Provider) => `${programId} pays by ${provider}`
const tellable = ({ provider, environment, hint, createdAt }: Connection) => ({ provider, environment, hint, since: createdAt })
