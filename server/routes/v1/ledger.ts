import { Hono } from 'hono'
import { Ledger, LedgerQuery } from '../../contract/ledger.ts'
import { door, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { verify } from '../../program/ledger.ts'

/** The books, held against the journal. */
export function ledgerRoutes(server: Server) {
  return new Hono().get(
    '/v1/apps/:appId/ledger/verify',
    ...door(
      server,
      {
        summary: 'Check the books',
        tag: 'Payouts',
        who: ['admin', 'secret'],
        inProgram: true,
        query: LedgerQuery,
        replies: { 200: Ledger },
      },
      async ({ c, desk, program, query }) => {
        if (query.length === undefined && query.head !== undefined)
          throw Problem.at('length', 'Say which place of the chain the hash is of.')
        if (query.head === undefined && query.length !== undefined)
          throw Problem.at('head', 'Give the hash that the place had when it was noted.')
        return c.json(await verify(desk, program, query))
      },
    ),
  )
}
