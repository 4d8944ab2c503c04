import { Hono } from 'hono'
import { EventQuery, MyReferralEvents, MyReferrals, Picture, PictureQuery } from '../../contract/rewards.ts'
import { door, type Server } from '../../door.ts'
import { Problem } from '../../problem.ts'
import { codeOf } from '../../program/customer-codes.ts'
import { linkFor } from '../../rules/code.ts'
import { pictureOf } from '../../rules/picture.ts'
import { stateOf } from '../../rules/referral-state.ts'
import { rewardStatusOf } from '../../rules/reward.ts'
import * as lists from '../../store/referral-lists.ts'
import { clicksOfCustomer } from '../../store/referral-stats.ts'
import type { Referral } from '../../store/referrals.ts'
import type { Reward } from '../../store/rewards.ts'
import * as rewards from '../../store/rewards.ts'
import { publicProgram } from '../v1/affiliate-shown.ts'

const common = { tag: 'Referrals', who: ['session'] } as const

/** What a customer sees of the referrals it has made, and of the one by which it came. */
export function myReferrals(server: Server) {
  return new Hono()
    .get(
      '/referrals/me',
      ...door(
        server,
        { ...common, summary: "Read one's own code and what it has brought", replies: { 200: MyReferrals } },
        async ({ c, desk, program, caller: { customer } }) => {
          const { db } = desk.database
          const code = await codeOf(desk, program, customer)
          const shareUrl = linkFor(program.settings.siteUrl, code)
          const { pathname, search } = new URL(shareUrl)
          const { enabled, referrerCredits, referredCredits, qualifyOn, maxPerReferrer } = program.settings.rewards
          const latest = await lists.latestOf(db, program.id, customer.id, { limit: 20, referredToo: false })
          const owed = await rewards.ofReferrals(
            db,
            latest.map(each => each.id),
          )
          return c.json({
            code,
            sharePath: pathname + search,
            shareUrl,
            program: publicProgram(program),
            rewards: { enabled, referrerCredits, referredCredits, qualifyOn, maxPerReferrer },
            stats: {
              clicks: await clicksOfCustomer(db, customer.id),
              ...(await lists.totalsOf(db, customer.id)),
              creditsEarned: await rewards.creditsEarned(db, customer.id),
            },
            referrals: latest.map(referral => {
              const reward = rewardOf(owed, referral, 'referrer')
              const credits = reward && rewardStatusOf(reward) === 'granted' ? reward.credits : 0
              return { ...outline(referral), credits }
            }),
          })
        },
      ),
    )
    .get(
      '/referrals/me/events',
      ...door(
        server,
        {
          ...common,
          summary: "List one's own referrals, made and received",
          query: EventQuery,
          replies: { 200: MyReferralEvents },
        },
        async ({ c, desk, program, caller: { customer }, query: { limit } }) => {
          const { db } = desk.database
          const latest = await lists.latestOf(db, program.id, customer.id, { limit, referredToo: true })
          const owed = await rewards.ofReferrals(
            db,
            latest.map(each => each.id),
          )
          const data = latest.map(referral => {
            const role = referral.customerId === customer.id ? ('referred' as const) : ('referrer' as const)
            const reward = rewardOf(owed, referral, role)
            return { ...outline(referral), role, ...(reward && { reward: shownReward(reward) }) }
          })
          return c.json({ data })
        },
      ),
    )
    .get(
      '/referrals/qr.svg',
      ...door(
        server,
        {
          ...common,
          summary: 'Get a link as a picture to scan',
          query: PictureQuery,
          replies: { 200: Picture },
          media: 'image/svg+xml',
        },
        // Drawn for any code, whether there is one or not: it says no more than the link does.
        ({ c, program, query: { code } }) => {
          const picture = pictureOf(linkFor(program.settings.siteUrl, code))
          if (!picture) throw Problem.at('code', 'The link of this code is too long for a picture.')
          return c.body(picture, 200, {
            'content-type': 'image/svg+xml; charset=utf-8',
            'content-disposition': `attachment; filename="${code}.svg"`,
          })
        },
      ),
    )
}

function rewardOf(owed: Reward[], { id }: Referral, role: Reward['role']) {
  return owed.find(each => each.referralId === id && each.role === role)
}

function shownReward(reward: Reward) {
  return { credits: reward.credits, status: rewardStatusOf(reward), grantedAt: reward.grantedAt }
}

// Neither side learns who the other is.
function outline(referral: Referral) {
  const { id, campaign, createdAt } = referral
  return { id, status: stateOf(referral), campaign, createdAt }
}
