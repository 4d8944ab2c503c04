import { type Books, books, type Row, type Say } from './books.ts'
import type { Chance } from './chance.ts'
import { checkCounts, checkFacts } from './check-facts.ts'
import { checkAudit, checkEvents, checkOutside } from './check-log.ts'
import { checkJournal, checkMoney } from './check-money.ts'
import type { Client, Reply } from './client.ts'
import type { Facts } from './facts.ts'
import type { Installation } from './installation.ts'
import type { Outside } from './outside.ts'
import type { Setting } from './setting.ts'

type Held = { installation: Installation; send: Client; setting: Setting; outside: Outside; facts: Facts; chance: Chance }

const PATIENCE_MS = 60_000
/** Answers are kept for a day. */
const KEPT_MS = 20 * 3_600_000

/** Holds the books of the server against those of everybody else, once all that was under way has come to its end. */
export async function reconcile(say: Say, held: Held) {
  const { installation, outside, facts } = held
  const own = await settled(held)
  checkFacts(say, facts, own)
  checkCounts(say, own)
  checkMoney(say, facts, own, await statsOf(held))
  checkJournal(say, own)
  checkEvents(say, own)
  checkAudit(say, own)
  checkOutside(say, own, outside)
  await checkVerify(say, held)
  await checkAnswers(say, held)
  for (const line of installation.complaints()) say(`the server complains: ${line}`)
}

/** The books, once everything has been told and granted; what still waits is given the time it waits for. */
async function settled({ installation, setting, outside, facts }: Held): Promise<Books> {
  outside.recover(true)
  for (const until = performance.now() + PATIENCE_MS; ; ) {
    const own = await books(installation, setting)
    const told = new Set(outside.told())
    const isTold = own.of('event').every(each => told.has(each.id))
    const isGranted = own.of('reward').every(each => each.grantedAt)
    const isDelivered = own.of('delivery').every(each => each.deliveredAt)
    const sent = new Set(facts.sends.filter(each => each.isAcked).map(each => each.payoutId))
    const isSent = own.of('payout').every(each => !sent.has(each.id) || each.paidAt || each.failedAt)
    if ((isTold && isGranted && isDelivered && isSent) || performance.now() > until) {
      outside.recover(false)
      // An export is read page by page: this one may be of before and after the last that happened.
      return books(installation, setting)
    }
    // What became of a payout is asked after ever less often.
    installation.pass(isSent ? 61_000 : 600_000)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function statsOf({ send, setting }: Held) {
  const all = setting.bringers.map(async ({ partnerId }): Promise<[string, Row]> => {
    const reply = await send({ method: 'GET', path: `/api/v1/partners/${partnerId}`, headers: setting.asHost })
    return [partnerId, reply?.body.stats]
  })
  return new Map(await Promise.all(all))
}

/** The server's own proof of its journal. */
async function checkVerify(say: Say, { send, setting }: Held) {
  const path = `/v1/apps/${setting.programId}/ledger/verify`
  const reply = (await send({ method: 'GET', path, headers: setting.asAdmin })) as Reply
  if (reply.status !== 200 || reply.body.ok !== true) say(`the ledger is not in order: ${reply.status} ${reply.text}`)
}

/** Whoever asks again with a key gets the same answer, however often the server has died since. */
async function checkAnswers(say: Say, { installation, send, setting, facts, chance }: Held) {
  const now = installation.now().getTime()
  const kept = facts.answers.filter(each => now - each.at.getTime() < KEPT_MS)
  for (let asked = 0; asked < 3 && kept.length; asked++) {
    const { path, key, body, text, ...said } = chance.one(kept)
    const headers = 'authorization' in said.headers ? setting.asAdmin : said.headers
    const reply = (await send({ method: 'POST', path, headers, key, body })) as Reply
    if (reply.text !== text || !reply.isReplay) say(`${path} was answered ${text}, and with its key again ${reply.text}`)
  }
}
