import { setImmediate } from 'node:timers/promises'
import type { Ledger } from '../contract/ledger.ts'
import { type Wrong, wrongInCommission, wrongInPayout } from '../rules/books.ts'
import { chainReader, wrongInTransaction } from '../rules/ledger.ts'
import * as books from '../store/books.ts'
import { Gate } from '../store/gate.ts'
import * as journal from '../store/journal.ts'
import * as chain from '../store/journal-chain.ts'
import * as kept from '../store/kept-sums.ts'
import * as merges from '../store/partner-merges.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { inSnapshot } from '../store/snapshot.ts'
import type { Desk } from './desk.ts'
import { seal } from './journal-chain.ts'
import { sums } from './ledger-sums.ts'

type Asked = { length?: number | undefined; head?: string | undefined }
type Report = (...wrong: Wrong[]) => void

// A page is a question of its own and a few milliseconds of work; between two of them everybody else has a turn.
const PAGE = 250
const SHOWN = 100

// One at a time: a second beside it would only take the time of those who book.
const gate = new Gate()

/**
 * Makes every balance of a program again from its journal, and holds against it everything that is kept: payouts and their
 * lines, what was taken back, where each commission stands, the sums, and the chain. All is read as it was at one moment;
 * nobody who books waits for it. With an end of the chain that was noted earlier, says whether that is still in its place.
 */
export async function verify(desk: Desk, program: Program, asked: Asked = {}): Promise<Ledger> {
  return gate.through(async () => {
    await seal(desk, program.id)
    return inSnapshot(desk.database, db => check(db, program.id, { ...asked, checkedAt: desk.clock().toISOString() }))
  })
}

async function check(db: Db, programId: string, { checkedAt, length, head }: Asked & { checkedAt: string }): Promise<Ledger> {
  const findings: Wrong[] = []
  let found = 0
  const report: Report = (...wrong) => {
    found += wrong.length
    findings.push(...wrong.slice(0, SHOWN - findings.length))
  }
  const totals = sums()
  const end = await checkChain(db, programId, report)
  if (length !== undefined && head !== undefined) await checkNoted(db, programId, { length, head }, report)
  const read = await checkJournal(db, programId, totals, report)
  const commissions = await checkCommissions(db, programId, totals, report)
  const payouts = await checkPayouts(db, programId, totals, report)
  await addKept(db, programId, totals)
  report(...totals.wrong(programId))
  const balances = totals.balances()
  return { ok: found === 0, checkedAt, ...read, commissions, payouts, chain: end, balances, found, findings }
}

async function checkChain(db: Db, programId: string, report: Report) {
  const reader = chainReader(programId)
  for await (const page of pages(
    0,
    after => chain.places(db, programId, { after, limit: PAGE }),
    each => each.sequence,
  ))
    for (const { isThere, ...place } of page) report(...reader.next({ ...place, isThere: Number(isThere) === 1 }))
  const head = await chain.head(db, programId)
  report(...reader.end(head))
  return { length: head.length, head: head.hash }
}

async function checkNoted(db: Db, programId: string, { length, head }: { length: number; head: string }, report: Report) {
  const actual = (await chain.hashAt(db, programId, length)) ?? null
  if (actual === head) return
  const message = `Place ${length} of the chain is not what it was when it was noted: the books before it have been written anew.`
  report({ code: 'chain_rewritten', object: String(length), expected: head, actual, message })
}

async function checkJournal(db: Db, programId: string, totals: ReturnType<typeof sums>, report: Report) {
  const merged = await merges.all(db, programId)
  let transactions = 0
  let entries = 0
  for await (const page of pages(
    '',
    after => journal.page(db, programId, { after, limit: PAGE }),
    each => each.key,
  )) {
    const sealed = await books.sealsOf(
      db,
      programId,
      page.map(each => each.id),
    )
    const all = page.flatMap(each => each.entries)
    const owners = await books.ownersOf(db, programId, [...new Set(all.map(each => each.commissionId).filter(id => id !== null))])
    for (const each of page) {
      report(...wrongInTransaction(each, { seal: sealed.get(each.id), ownerOf: id => owners.get(id), merged }))
      for (const entry of each.entries) totals.entry(entry)
    }
    transactions += page.length
    entries += all.length
  }
  return { transactions, entries }
}

async function checkCommissions(db: Db, programId: string, totals: ReturnType<typeof sums>, report: Report) {
  const closed = await kept.closedPeriods(db, programId)
  let count = 0
  for await (const page of pages(
    '',
    after => books.commissions(db, programId, { after, limit: PAGE }),
    each => each.id,
  )) {
    const ids = page.map(each => each.id)
    const booked = await books.booked(db, ids)
    const lines = await books.linesOf(db, ids)
    const decisions = await books.decisionsOf(db, ids)
    const sales = await books.salesOf(
      db,
      programId,
      page.map(each => each.conversionId).filter(id => id !== null),
    )
    for (const each of page) {
      const around = {
        booked: booked.get(each.id) ?? [],
        lines: lines.get(each.id) ?? [],
        decisions: decisions.get(each.id) ?? [],
        sale: each.conversionId === null ? undefined : sales.get(each.conversionId),
        closedAt: closed.get(each.period) ?? null,
      }
      report(...wrongInCommission(each, around))
      totals.commission(each)
    }
    count += page.length
  }
  return count
}

async function checkPayouts(db: Db, programId: string, totals: ReturnType<typeof sums>, report: Report) {
  let count = 0
  for await (const page of pages(
    '',
    after => kept.payouts(db, programId, { after, limit: PAGE }),
    each => each.id,
  )) {
    const around = await kept.aroundPayouts(
      db,
      programId,
      page.map(each => each.id),
    )
    for (const each of page) {
      report(...wrongInPayout(each, around(each.id)))
      totals.payout(each)
    }
    count += page.length
  }
  return count
}

async function addKept(db: Db, programId: string, totals: ReturnType<typeof sums>) {
  for await (const page of pages(
    '',
    after => kept.owed(db, programId, { after, limit: PAGE * 4 }),
    each => each.after,
  ))
    for (const each of page) totals.kept('owed', each)
  for await (const page of pages(
    '',
    after => kept.months(db, programId, { after, limit: PAGE * 4 }),
    each => each.after,
  ))
    for (const each of page) totals.kept('months', each)
  for await (const page of pages(
    '',
    after => kept.days(db, programId, { after, limit: PAGE }),
    each => each.partnerId,
  ))
    for (const each of page) totals.kept('days', each)
  for (const each of await kept.programDays(db, programId)) totals.kept('program', each)
}

/** Reads on from `first` until a page is empty, letting everybody else have a turn after each. */
async function* pages<T, K>(first: K, read: (after: K) => Promise<T[]>, keyOf: (row: T) => K): AsyncGenerator<T[]> {
  for (let after = first; ; ) {
    const page = await read(after)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = keyOf(last)
    await setImmediate()
  }
}
