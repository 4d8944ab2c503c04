import { Hono } from 'hono'
import { TermsPreview, TermsPreviewReport } from '../../contract/terms.ts'
import { door, type Server } from '../../door.ts'
import { type Preview, preview } from '../../program/terms-preview.ts'
import { nameOf } from '../../store/partners.ts'
import { recipients } from '../../store/payouts.ts'
import type { Db } from '../../store/schema.ts'

const MOST_PARTNERS = 200

/** What other terms would have come to. */
export function termsRoutes(server: Server) {
  return new Hono().post(
    '/v1/apps/:appId/terms/preview',
    ...door(
      server,
      {
        summary: 'Preview a change of terms',
        tag: 'Programs',
        who: ['admin', 'secret'],
        inProgram: true,
        body: TermsPreview,
        replies: { 200: TermsPreviewReport },
      },
      async ({ c, desk, program, body }) => {
        const { from, to, referrals } = body
        const found = await preview(desk, program, body)
        const { payments, total } = found
        const sums = { payments, changed: total.changed, moved: total.moved, totals: total.totals() }
        return c.json({ from, to, referrals, ...sums, ...(await partnersOf(desk.database.db, found)) })
      },
    ),
  )
}

async function partnersOf(db: Db, { partners }: Preview) {
  const affected = [...partners].filter(([, { changed, moved }]) => changed + moved > 0)
  const weight = ([, { changed, moved }]: (typeof affected)[number]) => changed * 1e6 + moved
  const first = affected.sort((a, b) => weight(b) - weight(a) || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_PARTNERS)
  const named = await recipients(
    db,
    first.map(([id]) => id),
  )
  return {
    partners: first.map(([partnerId, own]) => {
      const partner = named.get(partnerId)
      const { changed, moved } = own
      return { partnerId, partnerName: partner ? nameOf(partner) : partnerId, changed, moved, totals: own.totals() }
    }),
    partnersLeftOut: affected.length - first.length,
  }
}
