import { type Books, type Row, type Say, sum } from './books.ts'
import type { Outside } from './outside.ts'

/** Every change of state has told the outside once, and what was told is numbered without a gap. */
export function checkEvents(say: Say, books: Books) {
  const events = Map.groupBy(books.of('event'), each => `${each.event} ${each.object}`)
  const count = (event: string, object: string) => events.get(`${event} ${object}`)?.length ?? 0
  const told = (event: string, rows: Row[], isSo: (row: Row) => unknown = () => true) => {
    for (const row of rows) say.is(`${event} of ${row.id}`, count(event, row.id), isSo(row) ? 1 : 0)
  }
  const of = books.of
  told('application.created', of('application'))
  told('partner_application_approved', of('application'), each => each.decision === 'approved')
  told('partner_application_rejected', of('application'), each => each.decision === 'rejected')
  told('referral.created', of('referral'))
  told(
    'referral.converted',
    of('referral').filter(each => each.partnerId),
    each => of('conversion').some(sale => sale.referralId === each.id),
  )
  told('commission.created', of('commission'))
  told('payout.completed', of('payout'), each => each.paidAt)
  told('payout.failed', of('payout'), each => each.failedAt)
  told('reward.granted', of('reward'), each => each.grantedAt)

  const moves = of('journalTransaction').filter(each => !/^(payout_|commission_(earned|adjusted))/.test(each.kind))
  for (const { id, amount, reversed, rejectedAt } of of('commission')) {
    const gains = moves
      .map(each =>
        sum(
          (each.entries as Row[]).filter(one => one.commissionId === id && one.account.startsWith('partner_')),
          one => one.amount,
        ),
      )
      .filter(gain => gain !== 0)
    const reversals = events.get(`commission.reversed ${id}`) ?? []
    const left = rejectedAt ? 0 : amount - reversed
    say.is(`reversals of ${id} that were told`, reversals.length, gains.length)
    say.is(
      `what they come to, of ${id}`,
      sum(reversals, each => each.body.data.amount),
      amount - left,
    )
  }
  for (const [object, all] of Map.groupBy(of('event'), each => each.object as string)) {
    const numbers = all.map(each => each.sequence as number).sort((a, b) => a - b)
    say.is(
      `the numbers of ${object}`,
      numbers,
      numbers.map((_, at) => at + 1),
    )
  }
}

/** Every act has one entry in the log of who did what. */
export function checkAudit(say: Say, books: Books) {
  const entries = Map.groupBy(books.of('auditEntry'), each => `${each.action} ${each.object}`)
  const noted = (action: string, rows: Row[], isSo: (row: Row) => unknown = () => true, times = (_: Row) => 1) => {
    for (const row of rows)
      say.is(`${action} of ${row.id}`, entries.get(`${action} ${row.id}`)?.length ?? 0, isSo(row) ? times(row) : 0)
  }
  const of = books.of
  noted('application.created', of('application'))
  noted('application.approved', of('application'), each => each.decision === 'approved')
  noted('application.rejected', of('application'), each => each.decision === 'rejected')
  noted('partner.created', of('partner'))
  noted('api_key.created', of('apiKey'))
  noted('webhook.created', of('webhookEndpoint'))
  noted('commission.adjusted', of('commission'), each => !each.conversionId)
  noted('payout.created', of('payout'))
  noted('payout.paid', of('payout'), each => each.paidAt)
  noted('payout.failed', of('payout'), each => each.failedAt)
  const decisions = Map.groupBy(of('commissionDecision'), each => `${each.act} ${each.commissionId}`)
  const acted = { approve: 'approved', hold: 'held', release: 'released', reject: 'rejected' }
  for (const [act, word] of Object.entries(acted))
    noted(
      `commission.${word}`,
      of('commission'),
      () => true,
      each => decisions.get(`${act} ${each.id}`)?.length ?? 0,
    )
}

/** The receiver has been told of all that the log has and of nothing else, and the host has granted what we think it has. */
export function checkOutside(say: Say, books: Books, outside: Outside) {
  const logged = new Set(books.of('event').map(each => each.id as string))
  const received = new Set(outside.told())
  const [missing, strange] = [[...logged].filter(id => !received.has(id)), [...received].filter(id => !logged.has(id))]
  if (missing.length) say(`events that the receiver was not told of: ${missing.join(', ')}`)
  if (strange.length) say(`events that the receiver was told of and that are in no log: ${strange.join(', ')}`)

  for (const { id, paidAt, method, amount, currency } of books.of('payout')) {
    const moved = outside.moved(id).map(each => [cents(each.amount), each.currency.toUpperCase()])
    const isByProvider = method === 'stripe' || method === 'paypal'
    say.is(`what a provider has moved for ${id}`, moved, isByProvider && paidAt ? [[amount, currency]] : [])
  }
  const rewards = books.of('reward')
  const granted = rewards.filter(each => each.grantedAt)
  say.is('grants in the books of the host', outside.granted().sort(), granted.map(each => each.grantKey as string).sort())
  say.is('rewards that are granted', granted.length, rewards.length)
  const sides = rewards.map(each => `${each.referralId} ${each.role}`)
  say.is('rewards of one referral and side', new Set(sides).size, sides.length)
  const names = new Map(books.of('customer').map(each => [each.id as string, each.externalId as string]))
  for (const [customerId, own] of Map.groupBy(rewards, each => each.customerId as string))
    say.is(
      `credits of ${customerId}`,
      outside.credits(names.get(customerId) ?? customerId),
      sum(own, each => each.credits),
    )
}

const cents = (amount: number | string) => (typeof amount === 'string' ? Math.round(Number(amount) * 100) : amount)
