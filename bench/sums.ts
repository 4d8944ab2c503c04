import type { Value } from './sinks.ts'
import { DAYS } from './world.ts'

type Rows = { table: string; columns: string[]; rows: Value[][] }

const STEPS = ['clicks', 'signups', 'conversions'] as const
const WIDTH = DAYS + 2

/** The counts that the server keeps as things happen, for things that happen by the million. Days go by their number. */
export function sums(programId: string, partners: number) {
  const byPartner = new Int32Array(partners * WIDTH * STEPS.length)
  const earnedByPartner = new Float64Array(partners * WIDTH)
  const revenue = new Float64Array(WIDTH)
  const campaigns = new Map<string, Int32Array>()
  const owed = new Map<string, number>()
  const referralDays = new Map<string, { day: number; campaign: string; signups: number; qualified: number }>()

  return {
    click(rank: number, day: number, campaign: string | null) {
      add(byPartner, (rank * WIDTH + day) * STEPS.length)
      if (!campaign) return
      const own = campaigns.get(campaign) ?? new Int32Array(WIDTH)
      campaigns.set(campaign, own)
      add(own, day)
    },
    signup(rank: number, day: number, { campaign, pays }: { campaign: string | null; pays: boolean }) {
      add(byPartner, (rank * WIDTH + day) * STEPS.length + 1)
      const key = `${day} ${campaign ?? ''}`
      const own = referralDays.get(key) ?? { day, campaign: campaign ?? '', signups: 0, qualified: 0 }
      referralDays.set(key, own)
      own.signups++
      if (pays) own.qualified++
    },
    sale(rank: number, day: number, sale: { amount: number; earned: number; availableAt: string }) {
      add(byPartner, (rank * WIDTH + day) * STEPS.length + 2)
      earnedByPartner[rank * WIDTH + day] = (earnedByPartner[rank * WIDTH + day] ?? 0) + sale.earned
      revenue[day] = (revenue[day] ?? 0) + sale.amount
      const on = sale.availableAt.slice(0, 10)
      owed.set(on, (owed.get(on) ?? 0) + sale.earned)
    },

    /** Everything that was counted, by table; `ids` are the partners by rank, `days` the names of the days. */
    rows(ids: string[], days: string[]): Rows[] {
      const months = days.map(day => day.slice(0, 7))
      const of = (rank: number, day: number) => STEPS.map((_, step) => byPartner[(rank * WIDTH + day) * STEPS.length + step] ?? 0)
      const partnerDay: Value[][] = []
      const partnerMonth: Value[][] = []
      const earned: Value[][] = []
      const periods: Value[][] = []
      const programDays = days.map(() => [0, 0, 0])
      const commissions = days.map(() => 0)
      for (const [rank, id] of ids.entries()) {
        const byMonth = new Map<string, number[]>()
        const earnedByMonth = new Map<string, number>()
        for (const [day, name] of days.entries()) {
          const month = months[day] as string
          const counts = of(rank, day)
          if (counts.some(each => each > 0)) {
            partnerDay.push([id, name, ...counts])
            byMonth.set(month, plus(byMonth.get(month) ?? [0, 0, 0], counts))
            programDays[day] = plus(programDays[day] as number[], counts)
          }
          const amount = earnedByPartner[rank * WIDTH + day] as number
          if (!amount) continue
          earned.push([id, name, 'EUR', amount])
          earnedByMonth.set(month, (earnedByMonth.get(month) ?? 0) + amount)
          commissions[day] = (commissions[day] as number) + amount
        }
        for (const [month, counts] of byMonth) partnerMonth.push([programId, month, id, ...counts])
        for (const [month, amount] of earnedByMonth) periods.push([programId, month, id, 'EUR', amount])
      }
      const known = [...new Set(months)].sort()
      // Months that are over have been closed, and everybody has been told.
      const closed = known.map((month, i): Value[] => {
        const at = known[i + 1] ? `${known[i + 1]}-01T00:00:00.000Z` : null
        return [programId, month, at, at]
      })
      return [
        { table: 'partner_day', columns: ['partner_id', 'day', ...STEPS], rows: partnerDay },
        { table: 'partner_month', columns: ['program_id', 'month', 'partner_id', ...STEPS], rows: partnerMonth },
        {
          table: 'program_day',
          columns: ['program_id', 'day', ...STEPS],
          rows: days.map((day, i) => [programId, day, ...(programDays[i] as number[])]),
        },
        { table: 'partner_day_earned', columns: ['partner_id', 'day', 'currency', 'amount'], rows: earned },
        { table: 'periods', columns: ['program_id', 'period', 'closed_at', 'announced_at'], rows: closed },
        { table: 'partner_periods', columns: ['program_id', 'period', 'partner_id', 'currency', 'amount'], rows: periods },
        {
          table: 'program_day_money',
          columns: ['program_id', 'day', 'currency', 'revenue', 'commissions'],
          rows: days.map((day, i) => [programId, day, 'EUR', revenue[i] as number, commissions[i] as number]),
        },
        {
          table: 'program_owed',
          columns: ['program_id', 'currency', 'available_on', 'amount'],
          rows: [...owed].map(([on, amount]) => [programId, 'EUR', on, amount]),
        },
        {
          table: 'campaign_day',
          columns: ['program_id', 'day', 'campaign', 'clicks'],
          rows: [...campaigns].flatMap(([campaign, own]) => days.map((day, i) => [programId, day, campaign, own[i] as number])),
        },
        {
          table: 'referral_day',
          columns: ['program_id', 'day', 'campaign', 'signups', 'qualified', 'rewarded', 'capped', 'rejected', 'credits'],
          rows: [...referralDays.values()].map(each => [
            ...[programId, days[each.day] as string, each.campaign, each.signups, each.qualified, 0, 0, 0, 0],
          ]),
        },
      ]
    },
  }
}

function add(counts: Int32Array, place: number) {
  counts[place] = (counts[place] ?? 0) + 1
}

const plus = (sums: number[], counts: number[]) => sums.map((sum, i) => sum + (counts[i] ?? 0))
