import { closed, expectSame, expectStatus, type Life, nameOfLine, Wrong } from './live.ts'
import type { Line } from './model.ts'

type Shown = {
  id: string
  partnerId: string
  conversionId: string | null
  currency: string
  earned: number
  reversed: number
  amount: number
  paid: number
  status: string
  availableAt: string
  period: string
  payoutId: string | null
  occurredAt: string
}
type Entry = {
  transactionId: string
  account: string
  commissionId: string
  currency: string
  amount: number
  availableAt: string | null
}

/** What must be after every step: each commission, each account and each month is what the model says, and all entries balance. */
export async function check(life: Life) {
  await checkLines(life)
  await checkBooks(life)
}

/** The same after a step that books nothing; if it did, the next check would find it. */
export const checkUnbooked = checkLines

async function checkBooks(life: Life) {
  const entries = await entriesOf(life)
  checkBalanced(entries)
  checkAccounts(life, entries)
  await checkMonths(life)
}

/** What must be in the end as well: sums that are kept beside, payouts, closed months, what is told outside, who did what. */
export async function checkEnd(life: Life) {
  const { ask, program, model } = life
  const app = `/v1/apps/${program.id}`
  for (const month of life.closings.keys()) closed(life, month, await ask('POST', `${app}/periods/${month}/close`))
  await checkBooks(life)
  await checkBalances(life)
  await checkPayouts(life)
  await checkKept(life)
  await checkEvents(life)
  await checkAudit(life)
  const verified = await ask('GET', `${app}/ledger/verify`)
  if (verified.status !== 404) expectSame('the ledger verified', [verified.status, verified.body.ok], [200, true])
  const lines = model.lines
    .filter(line => model.earned(line) !== 0n)
    .map(line =>
      [nameOfLine(line), model.earned(line), model.reversed(line), model.status(line), line.settled, line.paid, line.month].join(
        ' ',
      ),
    )
  const months = [...model.months].flatMap(([month, sums]) =>
    [...sums].filter(([, sum]) => sum !== 0n).map(([key, sum]) => `${month} ${key} ${sum}`),
  )
  return { outcome: [...lines.sort(), ...months.sort()] }
}

async function checkLines(life: Life) {
  const { ask, program, model, ids, payoutIds } = life
  const { status, body } = await ask('GET', `/v1/apps/${program.id}/commissions?limit=100`)
  if (status !== 200) throw new Wrong(`the list of commissions was answered ${status}`)
  const shown: Shown[] = body.data
  const seen = new Set<string>()
  for (const line of model.lines) {
    const found = shown.find(each =>
      line.sale === null ? each.id === ids.get(line) : each.conversionId !== null && each.occurredAt === iso(line.at),
    )
    // One that the limits of its terms leave nothing of need not be there.
    if (!found && model.earned(line) === 0n && line.settled === 0n) continue
    if (found) {
      seen.add(found.id)
      ids.set(line, found.id)
    }
    const [earned, reversed] = [Number(model.earned(line)), Number(model.reversed(line))]
    const expected = {
      partner: line.partner,
      currency: line.currency,
      earned,
      reversed,
      amount: earned - reversed,
      paid: Number(line.paid),
      status: model.status(line),
      availableAt: iso(model.payableFrom(line)),
      period: line.month,
      payout: line.payout,
    }
    const has = found && {
      partner: program.partners.findIndex(each => each.id === found.partnerId),
      currency: found.currency,
      earned: found.earned,
      reversed: found.reversed,
      amount: found.amount,
      paid: found.paid,
      status: found.status,
      availableAt: found.availableAt,
      period: found.period,
      payout: found.payoutId === null ? null : payoutIds.indexOf(found.payoutId),
    }
    expectSame(nameOfLine(line), has, expected)
  }
  expectSame(
    'commissions that nobody has earned',
    shown.filter(each => !seen.has(each.id)),
    [],
  )
}

async function entriesOf({ database, program }: Life): Promise<Entry[]> {
  const partners = program.partners.map(each => each.id)
  const columns = ['transactionId', 'account', 'commissionId', 'currency', 'amount', 'availableAt'] as const
  const rows = await database.db.selectFrom('journalEntries').select(columns).where('partnerId', 'in', partners).execute()
  return rows as Entry[]
}

function checkBalanced(entries: Entry[]) {
  const sums = sumsBy(entries, each => `${each.transactionId} ${each.currency}`)
  for (const [key, sum] of sums) if (sum !== 0n) throw new Wrong(`the entries of ${key} come to ${sum}`)
}

// Of each commission: what it cost, what is open and paid in payouts, what somebody has stopped, and what may be paid from when on.
function checkAccounts({ model, ids }: Life, entries: Entry[]) {
  const sums = sumsBy(entries, each => `${each.commissionId} ${each.account} ${each.availableAt ?? '-'}`)
  for (const line of model.lines) {
    const id = ids.get(line)
    const worth = model.worth(line)
    const expected = {
      commission_expense: -worth,
      partner_payable: line.settled - line.paid,
      partner_paid: line.paid,
      partner_held: line.held ? worth : 0n,
      partner_earnings: (line.held ? 0n : worth) - line.settled,
    }
    for (const [account, amount] of Object.entries(expected)) {
      const at = account === 'partner_earnings' ? iso(model.payableFrom(line)) : '-'
      expectSame(`${account} of ${nameOfLine(line)}`, sums.get(`${id} ${account} ${at}`) ?? 0n, amount)
      sums.delete(`${id} ${account} ${at}`)
    }
  }
  expectSame(
    'amounts where none should be',
    [...sums].filter(([, sum]) => sum !== 0n),
    [],
  )
}

async function checkMonths({ database, program, model }: Life) {
  const rows = await database.db.selectFrom('partnerPeriods').selectAll().where('programId', '=', program.id).execute()
  const partnerOf = (id: string) => program.partners.findIndex(each => each.id === id)
  const found = rows.map(each => `${each.period} ${partnerOf(each.partnerId)} ${each.currency} ${each.amount}`)
  const expected = [...model.months].flatMap(([month, sums]) => [...sums].map(([key, sum]) => `${month} ${key} ${sum}`))
  const nothing = (text: string) => text.endsWith(' 0')
  expectSame('the months', found.filter(each => !nothing(each)).sort(), expected.filter(each => !nothing(each)).sort())
}

async function checkBalances({ ask, program, model }: Life) {
  for (const [partner, { id }] of program.partners.entries()) {
    const { body } = await ask('GET', `/api/v1/partners/${id}`)
    const own = model.lines.filter(each => each.partner === partner && each.currency === model.settings.currency)
    const sum = (of: (line: Line) => bigint) => Number(own.reduce((total, line) => total + of(line), 0n))
    const free = (line: Line) => (line.held ? 0n : model.worth(line))
    const pending = sum(line => (model.payableFrom(line) > model.now ? free(line) - line.settled : 0n))
    const [paid, all] = [sum(line => line.paid), sum(free)]
    const { pending_cents, approved_cents, paid_cents, total_earned_cents } = body.stats
    expectSame(
      `the balance of partner ${partner}`,
      [pending_cents, approved_cents, paid_cents],
      [pending, all - pending - paid, paid],
    )
    expectSame(`what partner ${partner} has earned`, total_earned_cents, all)
  }
}

async function checkPayouts({ ask, program, model, payoutIds, ids }: Life) {
  const { body } = await ask('GET', `/v1/apps/${program.id}/payouts?limit=100`)
  const place = (id: string) => payoutIds.indexOf(id)
  const found = body.data.map(
    (each: { id: string; status: string; amount: number }) => `${place(each.id)} ${each.status} ${each.amount}`,
  )
  expectSame('the payouts', found.sort(), model.payouts.map((each, i) => `${i} ${each.state} ${each.amount}`).sort())
  for (const [i, payout] of model.payouts.entries()) {
    const one = await ask('GET', `/v1/apps/${program.id}/payouts/${payoutIds[i]}`)
    expectStatus(one, 200)
    const shown = (each: { commissionId: string; amount: number; settledBefore: number }) =>
      `${each.commissionId} ${each.amount} ${each.settledBefore}`
    const lines = payout.lines.map(each => `${ids.get(each.line)} ${each.amount} ${each.before}`)
    expectSame(`the lines of payout ${i}`, one.body.lines.map(shown).sort(), lines.sort())
  }
}

// Sums that are kept as entries come in are the sums of the entries.
async function checkKept({ database, program, model }: Life) {
  const { db } = database
  const partners = program.partners.map(each => each.id)
  const entries = await db.selectFrom('journalEntries').selectAll().where('partnerId', 'in', partners).execute()
  const owed = sumsBy(
    entries.filter(each => each.account !== 'commission_expense' && each.account !== 'partner_paid'),
    each => `${each.currency} ${each.account === 'partner_held' ? 'held' : (each.availableAt?.slice(0, 10) ?? '')}`,
  )
  const kept = await db.selectFrom('programOwed').selectAll().where('programId', '=', program.id).execute()
  const text = (all: Iterable<[string, bigint]>) =>
    [...all]
      .filter(([, sum]) => sum !== 0n)
      .map(each => each.join(' '))
      .sort()
  expectSame(
    'what the program owes',
    text(kept.map(each => [`${each.currency} ${each.availableOn}`, BigInt(each.amount)])),
    text(owed),
  )
  const days = await db.selectFrom('partnerDayEarned').selectAll().where('partnerId', 'in', partners).execute()
  const all = sumsBy(days, each => `${partners.indexOf(each.partnerId)} ${each.currency}`)
  const worth = new Map<string, bigint>()
  for (const line of model.lines) {
    const key = `${line.partner} ${line.currency}`
    worth.set(key, (worth.get(key) ?? 0n) + model.worth(line))
  }
  expectSame('what the days come to', text(all), text(worth))
}

type Event = { event: string; object: string; payload: { data: Record<string, never> } }

// Each change is told of once, and by what is told one comes to what there is.
async function checkEvents({ ask, program, model, ids, payoutIds }: Life) {
  const all: Event[] = []
  for (let cursor = ''; cursor !== null; ) {
    const { body } = await ask('GET', `/v1/apps/${program.id}/webhooks/events?limit=100${cursor && `&cursor=${cursor}`}`)
    all.push(...body.data)
    cursor = body.nextCursor
  }
  const of = (event: string) => all.filter(each => each.event === event)
  const objects = (event: string) =>
    of(event)
      .map(each => each.object)
      .sort()
  const lines = model.lines.flatMap(line => ids.get(line) ?? [])
  expectSame('the commissions that were told of', objects('commission.created'), lines.sort())
  for (const line of model.lines) {
    const id = ids.get(line)
    if (!id) continue
    const amounts = all
      .filter(each => each.object === id)
      .map(({ event, payload }) => BigInt(payload.data.amount ?? 0) * (event === 'commission.created' ? 1n : -1n))
    expectSame(
      `what was told of ${nameOfLine(line)}`,
      amounts.reduce((sum, each) => sum + each, 0n),
      model.worth(line),
    )
  }
  const marked = (state: string) => payoutIds.filter((_, i) => model.payouts[i]?.state === state).sort()
  expectSame('the payouts told of as paid', objects('payout.completed'), marked('paid'))
  expectSame('the payouts told of as failed', objects('payout.failed'), marked('failed'))
  expectSame('the signups that were told of', of('referral.created').length, model.bound.size)
  const calculated = objects('commission.calculated')
  const months = [...model.months].flatMap(([month, sums]) =>
    model.closed.has(month)
      ? [...new Set([...sums.keys()].map(key => Number(key.split(' ')[0])))].map(i => `${program.partners[i]?.id}:${month}`)
      : [],
  )
  expectSame('the months that partners were told of', calculated, months.sort())
}

// Who did what: once for each act that changed anything.
async function checkAudit({ database, program, model, payoutIds }: Life) {
  const rows = await database.db
    .selectFrom('auditEntries')
    .select(['action', 'object'])
    .where('programId', '=', program.id)
    .where('action', 'in', ['payout.created', 'payout.paid', 'payout.failed', 'period.closed', 'commission.adjusted'])
    .execute()
  const of = (action: string) =>
    rows
      .filter(each => each.action === action)
      .map(each => each.object)
      .sort()
  const marked = (state: string) => payoutIds.filter((_, i) => model.payouts[i]?.state === state).sort()
  expectSame(
    'the audit of payouts',
    [of('payout.created'), of('payout.paid'), of('payout.failed')],
    [[...payoutIds].sort(), marked('paid'), marked('failed')],
  )
  expectSame('the audit of corrections', of('commission.adjusted').length, model.lines.filter(each => each.sale === null).length)
  const closings = of('period.closed')
  expectSame(
    'months that were closed twice',
    closings.filter((each, i) => closings.indexOf(each) !== i),
    [],
  )
}

function sumsBy<T extends { amount: number }>(all: T[], keyOf: (each: T) => string) {
  const sums = new Map<string, bigint>()
  for (const each of all) sums.set(keyOf(each), (sums.get(keyOf(each)) ?? 0n) + BigInt(each.amount))
  return sums
}

const iso = (at: number) => new Date(at).toISOString()
