/** What a partner has in one currency: `at` is from when it may be paid, empty where it may be by now. Minor units. */
export type Waiting = { currency: string; account: 'partner_earnings' | 'partner_payable'; at: string; amount: number }

export type NextPayout = {
  currency: string
  /** What the next run would pay, below zero where more was taken back than was left. */
  due: number
  /** What stands in payouts that are neither paid nor have failed. */
  onTheWay: number
  minimum: number
  missing: number
  /** The next day on which something more may be paid, by its first moment, and how much does on that day. */
  nextApproval: { availableAt: string; amount: number } | null
  /** When what is pending makes it reach the minimum; null where it has, or where all of it does not. */
  minimumReachedAt: string | null
}

type Knowing = { minimumIn: (currency: string) => number; dayOf: (at: string) => string }

/**
 * How far somebody is from the next payout, in the program's currency first and in each that they have something in. With
 * 30.00 due, 15.00 from the 4th on and 10.00 from the 9th, and a minimum of 50.00: 20.00 is missing, and it is reached on the 9th.
 * It says nothing of when somebody makes payouts, which is nobody's promise.
 */
export function nextPayouts(waiting: readonly Waiting[], own: string, { minimumIn, dayOf }: Knowing): NextPayout[] {
  const byCurrency = Map.groupBy(waiting, each => each.currency)
  const others = [...byCurrency.keys()].filter(each => each !== own).sort()
  return [own, ...others].map(currency => {
    const all = byCurrency.get(currency) ?? []
    const [due, minimum] = [sum(all.filter(isDue)), minimumIn(currency)]
    const coming = all.filter(each => each.at !== '' && each.amount !== 0).sort((a, b) => (a.at < b.at ? -1 : 1))
    return {
      currency,
      due,
      onTheWay: sum(all.filter(each => each.account === 'partner_payable')),
      minimum,
      missing: Math.max(0, minimum - due),
      nextApproval: firstDay(coming, dayOf),
      minimumReachedAt: reached(coming, due, minimum),
    }
  })
}

const isDue = ({ account, at }: Waiting) => account === 'partner_earnings' && at === ''
const sum = (all: readonly Waiting[]) => all.reduce((total, each) => total + each.amount, 0)

function firstDay(coming: readonly Waiting[], dayOf: (at: string) => string) {
  for (const day of Map.groupBy(coming, each => dayOf(each.at)).values()) {
    const amount = sum(day)
    if (day[0] && amount > 0) return { availableAt: day[0].at, amount }
  }
  return null
}

function reached(coming: readonly Waiting[], due: number, minimum: number) {
  const isEnough = (amount: number) => amount > 0 && amount >= minimum
  if (isEnough(due)) return null
  let amount = due
  for (const each of coming) {
    amount += each.amount
    if (isEnough(amount)) return each.at
  }
  return null
}
