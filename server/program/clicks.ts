import { dayOf } from '../rules/period.ts'
import { cleanUrl, expiresAt, referrerHost } from '../rules/attribution.ts'
import { foldCode } from '../rules/code.ts'
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
  const at = now.toISOString()
  const clickId = await desk.clicks.write({
    id: visit.clickId ?? newId('clk', now),
    programId: program.id,
    codeFold: foldCode(visit.code),
    at,
    day: dayIn(program, now),
    address: visit.address,
    userAgent: visit.userAgent,
    bot: visit.bot,
    url: cleanUrl(visit.url),
    referrer: referrerHost(visit.referrer),
    campaign: visit.campaign?.trim() || null,
  })
  return { clickId, code: visit.code, expiresAt: expiresAt(at, program.settings.cookieDurationDays) }
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
