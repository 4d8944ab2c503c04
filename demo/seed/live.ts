import { type Plan, planById } from '../site/plans.ts'
import type { Applicant, Promoter } from './cast.ts'
import { type Client, forAll } from './client.ts'
import { type Click, DAYS, type Sale, type SignUp, type Step, story } from './story.ts'

const DAY_MS = 24 * 3600 * 1000

type World = { admin: Client; secret: Client; appId: string; siteUrl: string; promoters: Promoter[]; applicants: Applicant[] }

/**
 * Lives through the sixty days until now, by the program's own clock. `admin` moves the clock and decides; everything
 * else is what a customer's backend would say with its secret key.
 */
export async function live({ admin, secret, appId, siteUrl, promoters, applicants }: World) {
  const now = new Date()
  const today = new Date(now).setUTCHours(0, 0, 0, 0)
  const firstDay = new Date(today - (DAYS - 1) * DAY_MS)
  const clickIds = new Map<number, string>()
  const partnerIds = new Map<string, string>()

  for (const step of story(promoters, { siteUrl, firstDay })) {
    // Today is lived faster, so that its three parts are over by now.
    const dayMs = step.day === DAYS - 1 ? now.getTime() - today : DAY_MS
    await advance(new Date(firstDay.getTime() + step.day * DAY_MS + (step.hour / 24) * dayMs))
    if (isMorning(step)) await decide(step.day)
    await forAll(step.clicks, click)
    await forAll(step.signUps, signUp)
    await forAll(step.sales, sell)
  }
  await advance(new Date())

  function advance(to: Date) {
    return admin.post(`/v1/apps/${appId}/clock`, { advanceTo: to.toISOString() })
  }

  async function decide(day: number) {
    for (const promoter of promoters) {
      if (promoter.joins === day) partnerIds.set(promoter.code, await join(promoter))
      if (promoter.leaves === day) await secret.delete(`/api/v1/partners/${partnerIds.get(promoter.code)}`)
    }
    for (const applicant of applicants.filter(one => one.applies === day)) {
      const { name, email, website, reason, refusal } = applicant
      const { id } = await secret.post<{ id: string }>('/v1/affiliate/apply', { name, email, website, reason })
      if (refusal) await review(id, { action: 'reject', rejectionReason: refusal })
    }
  }

  async function join(promoter: Promoter) {
    const { name, email, code, website, reason, rate, invited, customerId } = promoter
    if (invited) {
      const [first_name, last_name] = name.split(' ')
      const made = await secret.post<{ id: string }>('/api/v1/partners', {
        email,
        slug: code,
        first_name,
        last_name,
        commission_pct: rate,
      })
      await secret.patch(`/api/v1/partners/${made.id}`, { status: 'active' })
      return made.id
    }
    const application = await secret.post<{ id: string }>('/v1/affiliate/apply', { name, email, website, reason })
    const { affiliate } = await review(application.id, { action: 'approve', code })
    if (customerId) await secret.put(`/v1/customers/${customerId}`, { email, name })
    return affiliate.id
  }

  function review(applicationId: string, decision: object) {
    return admin.post<{ affiliate: { id: string } }>(
      `/v1/apps/${appId}/affiliates/applications/${applicationId}/review`,
      decision,
    )
  }

  async function click({ visit, code, url }: Click) {
    const { clickId } = await secret.post<{ clickId: string }>('/v1/affiliate/track', { code, url })
    clickIds.set(visit, clickId)
  }

  function signUp({ visit, code, customerId, email }: SignUp) {
    return secret.post('/v1/referrals', { ref: `${code}.${clickIds.get(visit)}`, customerId, email })
  }

  function sell({ order, customerId, planId }: Sale) {
    const { amount, currency, name } = planById(planId) as Plan
    return secret.post('/v1/conversions', { externalId: order, customerId, amount, currency, productId: name })
  }
}

function isMorning(step: Step) {
  return step.hour < 12
}
