import type { NewSession, Token } from '../server/contract/auth.ts'
import type { Conversion, NewConversion } from '../server/contract/conversions.ts'
import type { Customer, CustomerChange } from '../server/contract/customers.ts'
import type { NewRefund, Refund } from '../server/contract/refunds.ts'
import type { Credits } from '../server/contract/rewards.ts'
import { type CallOptions, type Send, segment } from './send.ts'
import type { CursorQuery, In, Out } from './shapes.ts'

const who = ['secret'] as const

/** Payments of customers. */
export function conversions(send: Send) {
  return {
    /**
     * Records a payment and what it earns whom. Amounts are minor units: 59800 is 598.00 EUR. The same `externalId` again
     * gives the first answer; with other fields it is refused (`conversion_differs`, 422).
     */
    create: (sale: In<typeof NewConversion>, options?: CallOptions) =>
      send<Conversion>('POST', '/v1/conversions', { who, body: sale }, options),
  }
}

/** Money given back to customers. */
export function refunds(send: Send) {
  return {
    /** Takes back commission in proportion: of the whole payment, or of `amount` minor units. It may come before its payment. */
    create: (refund: In<typeof NewRefund>, options?: CallOptions) =>
      send<Refund>('POST', '/v1/refunds', { who, body: refund }, options),
  }
}

/** The host's customers, by the host's own ids. */
export function customers(send: Send) {
  const one = (id: string) => `/v1/customers/${segment(id)}`
  return {
    /** Names a customer, and joins the one that an approved application with this address made. */
    update: (id: string, change: In<typeof CustomerChange>, options?: CallOptions) =>
      send<Out<typeof Customer>>('PUT', one(id), { who, body: change }, options),
    /** The credits that this server keeps for a customer where the program names no other place for them. */
    credits: (id: string, query: CursorQuery = {}, options?: CallOptions) =>
      send<Out<typeof Credits>>('GET', `${one(id)}/credits`, { who, query }, options),
  }
}

/** Sessions of customers, for the widget and for calls in a customer's name. */
export function sessions(send: Send) {
  return {
    /** A token that lasts 15 minutes, or `expiresIn` seconds up to an hour. */
    create: (customer: In<typeof NewSession>, options?: CallOptions) =>
      send<Token>('POST', '/v1/sessions', { who, body: customer }, options),
  }
}
