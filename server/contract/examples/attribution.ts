import { at, ids, line, page, person } from './sample.ts'
import type { Examples } from './shape.ts'

const referral = {
  id: ids.referral,
  attributed: true,
  code: 'jane',
  partnerId: ids.partner,
  customerId: 'user_77',
  clickId: ids.click,
  campaign: 'spring',
  status: 'attributed',
  createdAt: at,
}
const conversion = {
  id: ids.conversion,
  externalId: 'in_1042',
  customerId: 'user_77',
  amount: 59_800,
  currency: 'EUR',
  occurredAt: at,
  commissions: [line],
}
const refund = {
  id: ids.refund,
  externalId: 're_1042',
  conversionExternalId: 'in_1042',
  status: 'applied',
  amount: 29_900,
  counted: 29_900,
  currency: 'EUR',
  reversals: [{ commissionId: ids.commission, partnerId: ids.partner, amount: 5_980, currency: 'EUR' }],
  createdAt: at,
}
const customerId = { id: ["The host's own id for the customer.", 'user_77'] } as const

export const attribution: Examples = {
  'POST /v1/referrals': {
    id: 'createReferral',
    says: 'Attributes a signup. Send `ref`, the value of the cookie `mislata_ref` as it is, or a `code`, or a `clickId`. A customer is attributed once: the next time the first referral is the answer, with 200. Where there is nothing to attribute, 200 says why.',
    body: { customerId: 'user_77', ref: `jane.${ids.click}`, email: 'buyer@globex.example', campaign: 'spring' },
    replies: { 201: referral, 200: { attributed: false, reason: 'expired' } },
    may: ['customer_exists'],
  },
  'POST /v1/conversions': {
    id: 'createConversion',
    says: 'Reports a payment. Commission is earned on amount − tax − discount, in minor units of `currency`. `externalId` makes it safe to send again: the same payment gets the same answer with 200, another payment under it is refused. A customer without a referral earns nobody anything.',
    body: { externalId: 'in_1042', customerId: 'user_77', amount: 59_800, currency: 'EUR', productId: 'pro', occurredAt: at },
    replies: { 201: conversion, 200: conversion },
    may: ['conversion_differs', 'customer_exists'],
  },
  'POST /v1/refunds': {
    id: 'createRefund',
    says: 'Reports what a customer gets back, wholly or in part. Refunds add up, and may come in any order: one that comes before its payment waits for it. What goes beyond the payment is taken and counts no further. The same `externalId` again gets the same answer with 200.',
    body: { externalId: 're_1042', conversionExternalId: 'in_1042', amount: 29_900 },
    replies: { 201: refund, 200: refund },
    may: ['refund_differs'],
  },
  'PUT /v1/customers/{id}': {
    id: 'putCustomer',
    says: 'Names a customer. The address is believed: a customer that this server made for it when it approved an application becomes this one.',
    path: customerId,
    body: { email: person.email, name: person.name },
    replies: { 200: { id: ids.customer, customerId: 'user_77', ...person, createdAt: at } },
    may: ['customer_exists'],
  },
  'GET /v1/customers/{id}/credits': {
    id: 'getCustomerCredits',
    says: 'The credits that a customer has from rewards, where this server keeps them.',
    path: customerId,
    replies: {
      200: {
        customerId: 'user_77',
        balance: 500,
        ...page({ id: 'crd_1A2b3C4d5E6f7G8h9J1k2L', credits: 500, reason: 'referral', referralId: ids.referral, createdAt: at }),
      },
    },
  },
}
