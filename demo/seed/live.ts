import type { Company, Promoter } from '../companies/company.ts'
import { type Client, forAll } from './client.ts'
import { lifeOf } from './corners.ts'
import { friendsOf } from './friends.ts'
import { partnership } from './partnership.ts'
import { type Click, DAYS, PAYDAYS, type Sale, type SignUp, type Step, story } from './story.ts'

const DAY_MS = 24 * 3600 * 1000

/** The company's program as it is being lived; `session` speaks for one of the company's customers. */
export type World = {
  company: Company
  admin: Client
  secret: Client
  session: (customerId: string) => Promise<Client>
  appId: string
  siteUrl: string
}

/**
 * Lives through the sixty days until now, by the program's own clock. `admin` moves the clock and decides; everything
 * else is what a customer's backend would say with its secret key.
 */
export async function live(world: World) {
  const { company, admin, secret, appId, siteUrl } = world
  const { promoters, applicants } = company
  const { apply, enter, review } = partnership(world)
  const others = [lifeOf(world), friendsOf(world)]
  const now = new Date()
  const today = new Date(now).setUTCHours(0, 0, 0, 0)
  const firstDay = new Date(today - (DAYS - 1) * DAY_MS)
  const clickIds = new Map<number, string>()
  const partnerIds = new Map<string, string>()

  for (const step of story(company, { siteUrl, firstDay })) {
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
      const { id } = await apply({ name, email, website, reason })
      if (refusal) await review(id, { action: 'reject', rejectionReason: refusal })
    }
    for (const act of others) await act(day)
    if (PAYDAYS.some(payday => payday === day)) await pay()
  }

  async function join(promoter: Promoter) {
    const { name, email, code, rate, invited } = promoter
    if (!invited) return enter(promoter)
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

  /** What each has earned goes out in one transfer, and is known to have arrived; but one bank knows no such account. */
  async function pay() {
    const { data } = await admin.post<{ data: { id: string; currency: string }[] }>(`/v1/apps/${appId}/payouts`, {})
    await forAll(data, ({ id, currency }) =>
      currency === 'BRL'
        ? admin.post(`/v1/apps/${appId}/payouts/${id}/failed`, { reason: 'The bank knows no such account.' })
        : admin.post(`/v1/apps/${appId}/payouts/${id}/paid`, { reference: `T-${id.slice(-6).toUpperCase()}` }),
    )
  }

  async function click({ visit, code, url }: Click) {
    const { clickId } = await secret.post<{ clickId: string }>('/v1/affiliate/track', { code, url })
    clickIds.set(visit, clickId)
  }

  function signUp({ visit, code, customerId, email }: SignUp) {
    return secret.post('/v1/referrals', { ref: `${code}.${clickIds.get(visit)}`, customerId, email })
  }

  function sell({ order, customerId, product: { amount, currency, name } }: Sale) {
    return secret.post('/v1/conversions', { externalId: order, customerId, amount, currency, productId: name })
  }
}

function isMorning(step: Step) {
  return step.hour < 12
}
