import { Hono } from 'hono'
import { PortalLink } from '../../contract/portal.ts'
import { door, type Server } from '../../door.ts'
import { newLink } from '../../program/portal.ts'
import { partnerOrRefuse } from './affiliate-session.ts'

/** A way into the portal for a partner that the host knows already. */
export function affiliatePortal(server: Server) {
  return new Hono().get(
    '/v1/affiliate/portal-link',
    ...door(
      server,
      { summary: 'Get a link into the portal', tag: 'Partner programme', who: ['session'], replies: { 200: PortalLink } },
      async ({ c, desk, program, caller }) => {
        const { code, expiresAt } = await newLink(desk, program, await partnerOrRefuse(desk, program, caller.customer))
        return c.json({ url: `${server.publicUrl}/portal/${code}`, expiresAt })
      },
    ),
  )
}
