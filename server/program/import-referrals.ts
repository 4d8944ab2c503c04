import { foldCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import type { NewReferral, Person } from '../rules/import-rows.ts'
import { termsFor } from '../rules/terms.ts'
import type { KnownCustomer } from '../store/import-known.ts'
import { add, customerOf, dayIn, idOf, name, type Plan, partnerOf, refuse, type Told } from './import-plan.ts'

/** Binds the customer of a row to its partner, on the terms that hold now; one that is bound stays so. */
export function planReferral(plan: Plan, row: NewReferral): Told[] {
  const { w, writes, program, now } = plan
  const partner = partnerOf(plan, row.owner)
  if (!partner) return [refuse('referral', 'partner_unknown', 'The partner is not here. Import the partners first.')]
  const found = customerOf(plan, row.customer)
  const bound = found && w.referrals.get(found.id)
  if (bound && bound.partnerId !== partner.id)
    return [refuse('referral', 'customer_bound', 'The customer has been brought by somebody else here, which nothing changes.')]
  const customer = found ? completed(plan, found, row.customer) : madeCustomer(plan, row.customer, row.createdAt ?? now)
  if (bound) {
    if (bound.qualifiedAt !== null || row.convertedAt === null) return [{ noun: 'referral', outcome: 'unchanged', id: bound.id }]
    w.referrals.plan(customer.id, { ...bound, qualifiedAt: row.convertedAt })
    writes.referralChanges.push({ id: bound.id, change: { qualifiedAt: row.convertedAt } })
    add(writes.sums.referralDays, [dayIn(plan, row.convertedAt), 'qualified'], 1)
    return [{ noun: 'referral', outcome: 'changed', id: bound.id }]
  }
  const createdAt = row.createdAt ?? row.convertedAt ?? now
  const { code } = row.owner
  const own = code !== null && w.codes.get(foldCode(code))?.partnerId === partner.id ? code : partner.slug
  const known = { id: idOf(plan, 'ref'), customerId: customer.id, partnerId: partner.id, code: own, qualifiedAt: row.convertedAt }
  const terms = JSON.stringify(termsFor(program.settings, partner.ratePpm))
  writes.referrals.push({ ...known, programId: program.id, clickId: null, campaign: null, terms, createdAt })
  w.referrals.plan(customer.id, known)
  add(writes.sums.signups, [partner.id, dayIn(plan, createdAt)], 1)
  add(writes.sums.codeSteps, [known.id, 'signups'], 1)
  add(writes.sums.referralDays, [dayIn(plan, createdAt), 'signups'], 1)
  if (row.convertedAt) add(writes.sums.referralDays, [dayIn(plan, row.convertedAt), 'qualified'], 1)
  return [{ noun: 'referral', outcome: 'created', id: known.id }]
}

function madeCustomer(plan: Plan, { key, externalId, email, name: called, stripeId }: Person, createdAt: string): KnownCustomer {
  const { w, writes, program } = plan
  const customer = { id: idOf(plan, 'cus'), externalId, email, emailFold: email && foldEmail(email), name: called }
  writes.customers.push({ ...customer, programId: program.id, createdAt })
  know(plan, customer, { key, stripeId })
  w.customers.plan(customer.id, customer)
  return customer
}

/** What a row knows of a customer beside what is known of it here. */
function completed(plan: Plan, customer: KnownCustomer, { key, externalId, email, name: called, stripeId }: Person) {
  const change = {
    ...(customer.externalId === null && externalId !== null && { externalId }),
    ...(customer.email === null && email !== null && { email, emailFold: foldEmail(email) }),
    ...(customer.name === null && called !== null && { name: called }),
  }
  const after = { ...customer, ...change }
  if (Object.keys(change).length) plan.writes.customerChanges.push({ id: customer.id, change })
  know(plan, after, { key, stripeId })
  plan.w.customers.plan(customer.id, after)
  return after
}

function know(plan: Plan, customer: KnownCustomer, { key, stripeId }: Pick<Person, 'key' | 'stripeId'>) {
  const { w, writes, program } = plan
  if (customer.externalId !== null) w.customerByExternal.plan(customer.externalId, customer.id)
  if (customer.emailFold !== null && !w.customerByEmail.get(customer.emailFold))
    w.customerByEmail.plan(customer.emailFold, customer.id)
  if (key !== null && !w.customerByName.get(key)) name(plan, 'customer', key, { id: customer.id, says: '' })
  if (stripeId === null || w.customerByStripe.get(stripeId)) return
  w.customerByStripe.plan(stripeId, customer.id)
  writes.stripeCustomers.push({ programId: program.id, stripeId, customerId: customer.id })
}
