import { campaignOf, cleanUrl, expiresAt, referrerHost } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
import { dayOf } from '../rules/period.ts'
import type { Program } from '../store/programs.ts'
import { type Desk, nowIn } from './desk.ts'
import { newId } from './ids.ts'

type Visit = {
  code: string
  clickId?: string | null | undefined
  url?: string | null | undefined
  referrer?: string | null | undefined
  campaign?: string | null | undefined
  address: string
  userAgent: string
  bot: boolean
}

/**
 * A click is on disk and counted when this returns, unless its code leads nowhere, which the answer does not tell.
 * The same code, visitor and hour again: the first click's id. `expiresAt` is the end of the attribution window.
 */
export async function record(desk: Desk, program: Program, visit: Visit) {
  const now = nowIn(desk, program)
  const { at, day, expiresAt } = momentIn(program, now)
  const { url, campaign } = landing(visit.url)
  const clickId = await desk.clicks.write({
    id: visit.clickId ?? newId('clk', now),
    programId: program.id,
    codeFold: foldCode(visit.code),
    at,
    day,
    address: visit.address,
    userAgent: visit.userAgent,
    bot: visit.bot,
    url,
    referrer: referrerHost(visit.referrer),
    campaign: visit.campaign?.trim() || campaign,
  })
  return { clickId, code: visit.code, expiresAt }
}

// What follows remembers what the click before has asked for: with many clicks in a second, most ask for the same.

type Moment = { ms: number; at: string; day: string; expiresAt: string }

const moments = new WeakMap<Program, Moment>()

function momentIn(program: Program, now: Date) {
  const ms = now.getTime()
  let known = moments.get(program)
  if (known?.ms !== ms) {
    const at = now.toISOString()
    known = { ms, at, day: dayIn(program, now), expiresAt: expiresAt(at, program.settings.cookieDurationDays) }
    moments.set(program, known)
  }
  return known
}

// Which day it is changes at most every quarter of an hour in any zone; asking the calendar for each click would not do.
const today = new Map<string, { quarter: number; day: string }>()

function dayIn(program: Program, now: Date) {
  const quarter = Math.floor(now.getTime() / 900_000)
  const zone = program.settings.timeZone
  const known = today.get(zone)
  if (known?.quarter === quarter) return known.day
  const day = dayOf(now, zone)
  today.set(zone, { quarter, day })
  return day
}

type Landing = { url: string | null; campaign: string | null }

// A partner's link leads most of its visitors to one address.
const landings = new Map<string, Landing>()
const nowhere: Landing = { url: null, campaign: null }

function landing(address: string | null | undefined) {
  if (!address) return nowhere
  // A long one has been made for its visitor alone.
  if (address.length > 300) return cleaned(address)
  let known = landings.get(address)
  if (known === undefined) {
    known = cleaned(address)
    if (landings.size > 2_000) landings.clear()
    landings.set(address, known)
  }
  return known
}

function cleaned(address: string): Landing {
  const url = cleanUrl(address)
  return { url, campaign: campaignOf(url) }
}
