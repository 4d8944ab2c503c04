import { isDeepStrictEqual } from 'node:util'
import { check, checkEnd, checkUnbooked } from './check.ts'
import { type History, SALES, type Sale, type Step, timeOf } from './history.ts'
import { type Line, Model, monthAfter } from './model.ts'
import { type Asked, type Place, type Reply, START } from './place.ts'
import { chargeRefunded, disputed, invoicePaid, invoicePaymentPaid, nameOf, refundFailed } from './stripe.ts'

const DAY = 86_400_000
const UNBOOKED: Step['do'][] = ['click', 'sign up', 'again', 'pass', 'pass until due', 'close', 'change', 'own rate', 'status']

/** One history as it is lived: the server's program, the model of it, and what both are called on either side. */
export type Life = Place & {
  history: History
  model: Model
  /** Commissions by line, and payouts, as the server calls them. */
  ids: Map<Line, string>
  payoutIds: string[]
  /** What each month was said to have come to when it was closed. */
  closings: Map<string, string>
  told: string[]
}

type Told = { path: string; asked: Asked; first: Reply; change?: { body: object; code: string } }

/** Lives a history step by step, and after each holds the server against the model. Returns what there is in the end. */
export async function live(place: Place, history: History, begun?: (life: Life) => void) {
  const model = new Model(history)
  const life: Life = { ...place, history, model, ids: new Map(), payoutIds: [], closings: new Map(), told: [] }
  begun?.(life)
  const clickIds = new Map<number, string>()
  const hosts = new Map<number, Told>()
  const facts: Told[] = []
  const { program, ask } = place
  const app = `/v1/apps/${program.id}`
  const slug = (partner: number) => program.partners[partner]?.slug ?? ''

  const { currency, timeZone, minPayoutAmount, cookieDurationDays, payAfterDeactivation, ...terms } = history.settings
  const settings = { currency, timeZone, minPayoutAmount, cookieDurationDays, payAfterDeactivation, ...terms }
  expectStatus(await ask('PATCH', app, { as: 'admin', body: settings }), 200)

  for (const step of history.steps) {
    const words = await does(step)
    if (words === null) continue
    life.told.push(words)
    await (UNBOOKED.includes(step.do) ? checkUnbooked : check)(life)
  }
  return { life, ...(await checkEnd(life)) }

  /** Does one step on both sides and says what it was; null where there was nothing to do. */
  async function does(step: Step): Promise<string | null> {
    switch (step.do) {
      case 'click': {
        const { customer, partner } = step
        const headers = { 'user-agent': `Mozilla/5.0 (X11; Linux x86_64) Firefox/${life.told.length}.0` }
        const reply = await ask('POST', '/referrals/click', { as: 'publishable', headers, body: { code: slug(partner) } })
        expectStatus(reply, 202)
        clickIds.set(customer, reply.body.clickId)
        model.click(customer, partner)
        return `customer ${customer} clicks ${slug(partner)}`
      }
      case 'sign up': {
        const { customer, partner } = step
        const by = clickIds.has(customer) ? step.by : 'code'
        const clicked = model.clicks.get(customer)?.partner ?? partner
        const clickId = clickIds.get(customer)
        const named = { code: slug(partner), clickId, ref: `${slug(clicked)}.${clickId}` }[by]
        const isNew = !model.bound.has(customer)
        const reason = model.signUp(customer, partner, by)
        const reply = await ask('POST', '/v1/referrals', { body: { customerId: `customer-${customer}`, [by]: named } })
        expectStatus(reply, isNew && reason === null ? 201 : 200)
        if (reason) expectSame('why nobody is credited', reply.body, { attributed: false, reason })
        else expectSame('who is credited', reply.body.code, slug(model.bound.get(customer)?.partner ?? -1))
        return `customer ${customer} signs up by ${by} ${by === 'code' ? slug(partner) : slug(clicked)}${reason ? `: ${reason}` : ''}`
      }
      case 'sale':
        return step.by === 'stripe' ? invoice(step.sale) : host(step.sale, null)
      case 'coupon sale':
        return model.sales.has(step.sale) || hosts.has(step.sale) ? null : host(step.sale, step.partner)
      case 'refund': {
        const { sale, amount } = history.refunds[step.refund] as History['refunds'][number]
        const body = { externalId: `re_${step.refund}`, conversionExternalId: nameOf(saleAt(sale), sale), amount }
        const isNew = !model.told.refunds.has(step.refund)
        const change = { body: { ...body, amount: (amount ?? 0) + 1 }, code: 'refund_differs' }
        await tell({ path: '/v1/refunds', asked: { body }, change }, isNew)
        model.refund(step.refund)
        return `refund ${step.refund}: ${amount ?? 'all'} of sale ${sale}`
      }
      case 'total': {
        const total = history.totals[step.total] as History['totals'][number]
        await stripe(chargeRefunded(history, total, step.total))
        model.total(step.total)
        return `Stripe: ${total.amount} of sale ${total.sale} refunded in all at second ${total.at}`
      }
      case 'failure': {
        const failure = history.failures[step.failure] as History['failures'][number]
        await stripe(refundFailed(history, failure, step.failure))
        model.failure(step.failure)
        const which = failure.refund === null ? 'a refund' : `refund ${failure.refund}`
        return `Stripe: ${which} of ${failure.amount} of sale ${failure.sale} failed at second ${failure.at}`
      }
      case 'dispute': {
        const dispute = history.disputes[step.dispute] as History['disputes'][number]
        await stripe(disputed(history, dispute, step.dispute, step.stage))
        model.dispute(step.dispute, step.stage)
        const what = step.stage === 0 ? 'opened' : dispute.ends[step.stage - 1]
        return `Stripe: dispute ${step.dispute} over ${dispute.amount} of sale ${dispute.sale} is ${what}`
      }
      case 'link': {
        const sale = saleAt(step.sale)
        if (!sale.byInvoice) return null
        await stripe(invoicePaymentPaid(sale, step.sale))
        model.link(step.sale)
        return `Stripe: by which payment intent sale ${step.sale} was paid`
      }
      case 'again': {
        const before = facts.at(-1 - step.back)
        if (!before || (step.changed && !before.change)) return null
        const body = step.changed ? before.change?.body : before.asked.body
        const reply = await ask('POST', before.path, { ...before.asked, body })
        if (!step.changed) expectSame('the answer to what was told before', reply.text, before.first.text)
        else expectSame('the answer to something else under the same id', reply.body.code, before.change?.code)
        return `${step.changed ? 'something else than' : 'once more'}: ${before.path} ${JSON.stringify(before.asked.body ?? before.asked.raw)}`
      }
      case 'pass':
        return pass(model.now + step.hours * 3_600_000)
      case 'pass until due': {
        const line = lineAt(step.line)
        const to = line ? model.payableFrom(line) - (step.short ? 1 : 0) : 0
        return to < model.now ? null : pass(to)
      }
      case 'decide': {
        const line = lineAt(step.line)
        const id = line && life.ids.get(line)
        if (!line || !id) return null
        const code = model.decide(line, step.act)
        const reply = await ask('POST', `${app}/commissions/${id}/${step.act}`, { body: { reason: 'Because' } })
        expectSame(`the answer to ${step.act}`, [reply.status, reply.body.code], code ? [409, code] : [200, undefined])
        return `${step.act} ${nameOfLine(line)}${code ? `: ${code}` : ''}`
      }
      case 'correct': {
        const { partner, amount, currency } = step
        if (amount === 0) return null
        const body = { partnerId: program.partners[partner]?.id, amount, currency, note: 'A correction' }
        const reply = await ask('POST', `${app}/commissions`, { body })
        expectStatus(reply, 201)
        life.ids.set(model.correct(partner, step), reply.body.id)
        return `correct ${slug(partner)} by ${amount} ${currency}`
      }
      case 'pay out':
        return payOut(step.currency, step.twice)
      case 'mark': {
        const place = step.payout % Math.max(1, life.payoutIds.length)
        const id = life.payoutIds[place]
        if (!id) return null
        const code = model.mark(place, step.as)
        const body = step.as === 'failed' ? { reason: 'Account closed' } : { reference: 'tr_1' }
        const reply = await ask('POST', `${app}/payouts/${id}/${step.as}`, { body })
        expectSame('the answer to a mark', [reply.status, reply.body.code], code ? [409, code] : [200, undefined])
        return `payout ${place} is ${step.as}${code ? `: ${code}` : ''}`
      }
      case 'close': {
        const month = monthAfter(model.monthOf(model.now), -step.back)
        const closes = model.close(month)
        const reply = await ask('POST', `${app}/periods/${month}/close`)
        expectSame(
          'the answer to a close',
          [reply.status, reply.body.code],
          closes ? [200, undefined] : [409, 'period_not_ended'],
        )
        if (closes) closed(life, month, reply)
        return `close ${month}${closes ? '' : ': period_not_ended'}`
      }
      case 'change': {
        const { terms, minPayoutAmount, payAfterDeactivation } = step
        const body = { ...terms, minPayoutAmount, payAfterDeactivation }
        expectStatus(await ask('PATCH', app, { as: 'admin', body }), 200)
        model.settings = { ...model.settings, ...body }
        return `change the settings: ${JSON.stringify(body)}`
      }
      case 'own rate': {
        await patchPartner(step.partner, { commission_pct: step.rate })
        Object.assign(model.partners[step.partner] ?? {}, { rate: step.rate })
        return `${slug(step.partner)}'s own rate is ${step.rate}`
      }
      case 'status': {
        await patchPartner(step.partner, { status: step.status })
        Object.assign(model.partners[step.partner] ?? {}, { active: step.status === 'active' })
        return `${slug(step.partner)} is ${step.status}`
      }
    }
  }

  function saleAt(place: number) {
    return history.sales[place] as Sale
  }

  function lineAt(place: number) {
    const found = model.lines.find(each => each.sale === place)
    const others = model.lines.filter(each => (each.sale === null) === place >= SALES)
    return found ?? others.sort((a, b) => (a.sale ?? 0) - (b.sale ?? 0))[place % Math.max(1, others.length)]
  }

  /** The host tells of a sale, in the same words as the first time. */
  async function host(place: number, coupon: number | null) {
    const { customer, tax, discount, amount, currency, product, ...sale } = saleAt(place)
    const before = hosts.get(place)
    const at = timeOf(saleAt(place), place)
    const body = {
      externalId: nameOf(saleAt(place), place),
      customerId: `customer-${customer}`,
      ...{ amount, currency, tax, discount, productId: product, occurredAt: new Date(at).toISOString() },
      ...(coupon !== null && { code: slug(coupon) }),
    }
    const words = `sale ${place}: ${amount} ${currency} (tax ${tax}, discount ${discount}, ${product}) by customer ${customer} at ${body.occurredAt}${sale.byInvoice ? ', by invoice' : ''}`
    if (at > model.now + DAY) {
      const reply = await ask('POST', '/v1/conversions', { body })
      if (!before) expectStatus(reply, 422)
      return `${words}: in the future`
    }
    if (before) {
      expectSame('the answer to a sale told twice', (await ask('POST', '/v1/conversions', before.asked)).text, before.first.text)
      return `${words}, again`
    }
    const isNew = model.sale(place, { coupon })
    const change = { body: { ...body, amount: amount + 1 }, code: 'conversion_differs' }
    hosts.set(place, await tell({ path: '/v1/conversions', asked: { body }, change }, isNew))
    return words + (coupon === null ? '' : ` with coupon ${slug(coupon)}`)
  }

  /** Stripe tells of a sale. Its time is not the program's, and counts whole seconds. */
  async function invoice(place: number) {
    const sale = saleAt(place)
    const moved = model.now - START
    const at = timeOf(sale, place)
    const mayTell = sale.byInvoice && moved % 1000 === 0 && model.bound.has(sale.customer) && at <= model.now + DAY
    if (!mayTell) return host(place, null)
    await stripe(invoicePaid(sale, place, (at - moved) / 1000))
    if (sale.amount - sale.discount > 0) model.sale(place, { linked: true })
    else model.link(place)
    return `Stripe: sale ${place} of customer ${sale.customer} is paid, ${sale.amount} ${sale.currency}`
  }

  async function tell(fact: Omit<Told, 'first'>, isNew: boolean) {
    const first = await ask('POST', fact.path, fact.asked)
    expectStatus(first, isNew ? 201 : 200)
    facts.push({ ...fact, first })
    return { ...fact, first }
  }

  async function stripe({ raw, headers }: { raw: string; headers: Record<string, string> }) {
    const path = `/v1/integrations/stripe/${program.id}`
    const first = await ask('POST', path, { raw, headers })
    expectSame('the answer to Stripe', [first.status, first.body], [200, { received: true }])
    facts.push({ path, asked: { raw, headers }, first })
  }

  async function patchPartner(partner: number, body: object) {
    expectStatus(await ask('PATCH', `/api/v1/partners/${program.partners[partner]?.id}`, { body }), 200)
  }

  async function pass(to: number) {
    const advanceTo = new Date(to).toISOString()
    expectStatus(await ask('POST', `${app}/clock`, { as: 'admin', body: { advanceTo } }), 200)
    model.pass(to)
    return `it is ${advanceTo}`
  }

  async function payOut(only: string | null, twice: boolean) {
    const body = only === null ? {} : { currency: only }
    const { made, carried } = model.payOut(only)
    const run = () => ask('POST', `${app}/payouts`, { body })
    const replies = await Promise.all(twice ? [run(), run()] : [run()])
    for (const reply of replies) expectStatus(reply, 201)
    const data = replies.flatMap(reply => reply.body.data)
    const shown = (each: { partnerId: string; currency: string; amount: number }) => [
      partnerOf(each.partnerId),
      each.currency,
      each.amount,
    ]
    const known = made.map(place => model.payouts[place]).map(each => [each?.partner, each?.currency, Number(each?.amount)])
    expectSame('the payouts that were made', data.map(shown).sort(), known.sort())
    if (!twice) {
      const left = replies[0]?.body.carried.map((each: never) => [...shown(each), (each as { reason: string }).reason])
      expectSame(
        'what is carried',
        left.sort(),
        carried.map(each => [each.partner, each.currency, Number(each.amount), each.reason]).sort(),
      )
    }
    for (const place of made) {
      const { partner, currency } = model.payouts[place] ?? {}
      const payout = data.find(each => partnerOf(each.partnerId) === partner && each.currency === currency)
      life.payoutIds[place] = payout.id
    }
    return `pay out${only ? ` ${only}` : ''}${twice ? ' by two at once' : ''}: ${known.map(each => each.join(' ')).join(', ') || 'nothing'}`
  }

  function partnerOf(id: string) {
    return program.partners.findIndex(each => each.id === id)
  }
}

/** What a month has come to is said once and for ever. */
export function closed({ model, closings, program }: Life, month: string, reply: Reply) {
  const sums = [...(model.months.get(month) ?? [])]
    .filter(([, amount]) => amount !== 0n)
    .map(([key, amount]) => `${key} ${amount}`)
  const data: { partnerId: string; amounts: { amount: number; currency: string }[] }[] = reply.body.data
  const said = data.flatMap(({ partnerId, amounts }) =>
    amounts
      .filter(({ amount }) => amount !== 0)
      .map(({ amount, currency }) => `${program.partners.findIndex(each => each.id === partnerId)} ${currency} ${amount}`),
  )
  expectSame(`what ${month} came to`, said.sort(), sums.sort())
  const before = closings.get(month)
  if (before) expectSame(`what ${month} came to, asked again`, reply.text, before)
  closings.set(month, reply.text)
}

export function nameOfLine({ sale, own }: Line) {
  return sale === null ? `the correction by ${own}` : `the commission of sale ${sale}`
}

export class Wrong extends Error {}

export function expectSame(what: string, found: unknown, expected: unknown) {
  if (isDeepStrictEqual(found, expected)) return
  const shown = (value: unknown) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
  throw new Wrong(`${what}: the server has ${shown(found)}, and it should be ${shown(expected)}`)
}

export function expectStatus(reply: Reply, status: number) {
  if (reply.status !== status) throw new Wrong(`answered ${reply.status} and not ${status}: ${reply.text}`)
}
