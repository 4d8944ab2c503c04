import type { PayoutSettingsChange } from '../contract/payout-settings.ts'
import { Problem } from '../problem.ts'
import { type Details, detailsOf, paidOtherwise, withDetails } from '../rules/pay-to.ts'
import { inTransaction } from '../store/database.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { detailsChanged } from './mail-news.ts'
import { partnerUpdated } from './news.ts'

/**
 * A partner says itself how it is to be paid. It is told at the addresses from before and after, and what is not on its way
 * waits for the program's `payoutCoolingDays` from now on. What changes nothing makes nothing wait. 422 where the method is
 * not one of the program's, or something that it needs is missing; nothing is changed then.
 */
export function change(desk: Desk, program: Program, id: string, wanted: PayoutSettingsChange): Promise<Partner> {
  return inTransaction(desk.database, async db => {
    // Held, so that a payout is made before the change or by what it leaves.
    const before = await partners.hold(db, program.id, id)
    if (!before) throw new Problem('partner_not_found')
    if (before.deactivatedAt) throw new Problem('partner_deactivated')
    const given = fields(wanted)
    const details = { ...detailsOf(before), ...given }
    const named = wanted.method !== undefined && wanted.method !== before.payoutMethod
    if (named && !mayChoose(program, before).some(each => each === wanted.method))
      throw Problem.at('method', 'Partners of this programme are not paid this way.')
    assertWhole(details)
    const paid = {
      payoutMethod: details.method,
      payoutEmail: details.email,
      metadata: withDetails(before.metadata, given),
    }
    if (!paidOtherwise(before, { ...before, ...paid })) return before
    const after = await partners.update(db, id, { ...paid, payoutChangedAt: nowIn(desk, program).toISOString() })
    await record(desk, db, program, { action: 'partner.updated', object: id, before, after })
    await announce(desk, db, program, partnerUpdated(after))
    await detailsChanged(desk, db, program, { before, after })
    return after
  })
}

/** The ways to be paid among which a partner may choose. Stripe needs an account, which the host connects. */
export function mayChoose({ settings }: Program, { stripeAccountId }: Pick<Partner, 'stripeAccountId'>) {
  return settings.payoutMethods.filter(each => each !== 'stripe' || stripeAccountId !== null)
}

// An account is known by its IBAN or by its number: who gives the one takes the other away.
function fields({ method, ...wanted }: PayoutSettingsChange): Partial<Details> {
  const isIban = typeof wanted.iban === 'string'
  const isNumber = typeof wanted.accountNumber === 'string'
  const given = Object.entries({
    ...(method !== undefined && { method }),
    ...(isIban && !isNumber && { accountNumber: null, routingNumber: null }),
    ...(isNumber && !isIban && { iban: null, bic: null }),
    ...wanted,
  })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

function assertWhole({ method, email, iban, accountNumber, walletAddress, network, stripeAccountId }: Details) {
  if (method === null) throw Problem.at('method', 'Choose how you want to be paid.')
  if (method === 'paypal' && !email) throw Problem.at('email', 'Give the address of the PayPal account.')
  if (method === 'bank_transfer' && !iban && !accountNumber) throw Problem.at('iban', 'Give the IBAN, or an account number.')
  if (method === 'crypto' && !walletAddress) throw Problem.at('walletAddress', "Give the wallet's address.")
  if (method === 'crypto' && !network) throw Problem.at('network', 'Name the network, or it may arrive nowhere.')
  if (method === 'stripe' && !stripeAccountId)
    throw Problem.at('method', 'The programme has not connected an account with Stripe.')
}
