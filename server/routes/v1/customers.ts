import { Hono } from 'hono'
import * as v from 'valibot'
import { Customer, CustomerChange } from '../../contract/customers.ts'
import { CustomerId } from '../../contract/text.ts'
import { door, idFrom, type Server, valid } from '../../door.ts'
import * as customers from '../../program/customers.ts'

export function customerRoutes(server: Server) {
  return new Hono().put(
    '/v1/customers/:id',
    ...door(
      server,
      { summary: 'Name a customer', tag: 'Customers', who: ['secret'], body: CustomerChange, replies: { 200: Customer } },
      async ({ c, desk, program, body }) => {
        const { id: customerId } = valid(v.object({ id: CustomerId }), { id: idFrom(c, 'id') })
        const customer = await customers.name(desk, program, { customerId, ...body })
        return c.json({
          id: customer.id,
          customerId: customer.externalId ?? customer.id,
          email: customer.email,
          name: customer.name,
          createdAt: customer.createdAt,
        })
      },
    ),
  )
}
