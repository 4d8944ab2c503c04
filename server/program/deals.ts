import type { NewDeal } from '../contract/deals.ts'
import { Problem } from '../problem.ts'
import { foldEmail } from '../rules/email.ts'
import type { Customer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import { inTransaction } from '../store/database.ts'
import type { Deal } from '../store/deals.ts'
import * as deals from '../store/deals.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import * as referrals from '../store/referrals.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'
import { dealRegistered } from './news.ts'

/**
 * The partner holds the lead from now on. Registered again by the same partner: the first deal, unchanged. 409 where
 * the lead is another's: registered by another partner, or a customer that came through somebody else.
 */
export function register(
  desk: Desk,
  program: Program,
  partner: Partner,
  wanted: NewDeal,
): Promise<{ deal: Deal; made: boolean }> {
  const leadEmailFold = foldEmail(wanted.leadEmail)
  if (leadEmailFold === partner.emailFold) throw Problem.at('leadEmail', 'That is your own address.')
  return inTransaction(desk.database, async db => {
    if ((await partners.hold(db, program.id, partner.id))?.deactivatedAt) throw new Problem('partner_deactivated')
    const known = await deals.byLead(db, program.id, leadEmailFold)
    if (known) return { deal: own(known, partner), made: false }
    const referral = await referralOf(db, program, leadEmailFold)
    if (referral && referral.partnerId !== partner.id) throw new Problem('lead_taken')
    const made = await deals.insert(db, {
      id: newId('deal', desk.clock()),
      programId: program.id,
      partnerId: partner.id,
      leadEmail: wanted.leadEmail,
      leadEmailFold,
      leadName: wanted.leadName,
      notes: wanted.notes || null,
      createdAt: nowIn(desk, program).toISOString(),
    })
    const deal = await deals.byLead(db, program.id, leadEmailFold)
    if (!deal) throw new Error('A deal was refused for one that is not there')
    if (made) await announce(desk, db, program, dealRegistered(deal))
    return { deal: own(deal, partner), made }
  })
}

/** The partner that registered a customer as its lead, before anybody knew the customer. Undefined for a partner that is deactivated. */
export async function holderOf(db: Db, program: Program, customer: Customer): Promise<Partner | undefined> {
  const deal = customer.emailFold ? await deals.byLead(db, program.id, customer.emailFold) : undefined
  // Whoever was a customer before is not brought by having their address written down.
  if (!deal || customer.createdAt < deal.createdAt) return undefined
  const partner = await partners.byId(db, program.id, deal.partnerId)
  return partner?.deactivatedAt ? undefined : partner
}

function own(deal: Deal, partner: Partner) {
  if (deal.partnerId !== partner.id) throw new Problem('lead_taken')
  return deal
}

async function referralOf(db: Db, program: Program, emailFold: string) {
  for (const customer of await customers.byEmail(db, program.id, emailFold)) {
    const referral = await referrals.ofCustomer(db, program.id, customer.id)
    if (referral) return referral
  }
  return undefined
}
