import * as v from 'valibot'
import { Instant } from './text.ts'

const optional = v.nullable(v.string())
const made = { id: v.string(), createdAt: Instant }
const Money = v.object({ amount: v.number(), currency: v.string() })

/** GET /v1/apps/:appId/people/:email: everything that a program holds on whoever goes by an address. */
export const Person = v.object({
  email: v.string(),
  customers: v.array(
    v.object({
      ...made,
      customerId: optional,
      email: optional,
      name: optional,
      aliases: v.array(v.string()),
      codes: v.array(v.string()),
      credits: v.number(),
      referral: v.nullable(v.object({ ...made, code: v.string(), campaign: optional, partnerId: optional })),
      conversions: v.array(v.object({ ...made, externalId: v.string(), ...Money.entries, occurredAt: Instant })),
    }),
  ),
  partners: v.array(
    v.object({
      ...made,
      email: v.string(),
      firstName: optional,
      lastName: optional,
      company: optional,
      website: optional,
      payoutMethod: optional,
      payoutEmail: optional,
      metadata: v.unknown(),
      status: v.picklist(['invited', 'active', 'deactivated']),
      codes: v.array(v.object({ code: v.string(), label: optional, createdAt: Instant, retiredAt: v.nullable(Instant) })),
      balances: v.array(v.object({ currency: v.string(), pending: v.number(), approved: v.number(), paid: v.number() })),
      payouts: v.array(v.object({ ...made, ...Money.entries, reference: optional, paidAt: v.nullable(Instant) })),
    }),
  ),
  applications: v.array(
    v.object({
      ...made,
      email: v.string(),
      name: v.string(),
      company: optional,
      website: optional,
      reason: optional,
      answers: v.record(v.string(), v.string()),
      status: v.picklist(['pending', 'approved', 'rejected']),
      rejectionReason: optional,
    }),
  ),
  deals: v.array(v.object({ ...made, partnerId: v.string(), leadEmail: v.string(), leadName: v.string(), notes: optional })),
  mails: v.array(v.object({ ...made, kind: v.string(), subject: v.string(), sentAt: v.nullable(Instant) })),
})
export type Person = v.InferOutput<typeof Person>

/** DELETE …: how many of each were emptied of the person, or, of mails, deleted. */
export const Erased = v.object({
  customers: v.number(),
  partners: v.number(),
  applications: v.number(),
  deals: v.number(),
  mails: v.number(),
  events: v.number(),
})
export type Erased = v.InferOutput<typeof Erased>
