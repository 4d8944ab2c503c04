import type { Ledger } from '../contract/ledger.ts'
import { balancesOf, differs, type Wrong } from '../rules/books.ts'

type Entry = { account: string; partnerId: string | null; currency: string; amount: number; availableAt: string | null }
type Payout = { partnerId: string; currency: string; amount: number; paidAt: string | null; failedAt: string | null }
type Kept = { at: string; partnerId: string; currency: string; amount: number }

/**
 * Sums over a whole journal and over everything that is kept beside it, as both are read: one number for each partner,
 * account and currency, however many entries there are. Minor units.
 */
export function sums() {
  const accounts = summed()
  const partners = pairs()
  const owed = pairs()
  const months = pairs()
  const days = pairs()
  const program = pairs()

  return {
    /** An entry of the journal. */
    entry({ account, partnerId, currency, amount, availableAt }: Entry) {
      accounts.add(`${account} ${currency}`, amount)
      partners.right.add(`${partnerId} ${currency} ${account}`, amount)
      if (account === 'commission_expense') {
        for (const each of [months, days]) each.right.add(`${partnerId} ${currency}`, -amount)
        program.right.add(` ${currency}`, -amount)
      } else if (account !== 'partner_paid') {
        const on = account === 'partner_held' ? 'held' : (availableAt?.slice(0, 10) ?? '')
        owed.right.add(` ${currency} ${on}`, amount)
      }
    },

    /** A commission, as its own row has it. */
    commission(commission: Parameters<typeof balancesOf>[0] & { partnerId: string; earnedBy: string | null }) {
      const { partnerId, earnedBy, currency } = commission
      const { partner_earnings, partner_held, commission_expense } = balancesOf(commission)
      partners.found.add(`${partnerId} ${currency} partner_earnings`, partner_earnings)
      partners.found.add(`${partnerId} ${currency} partner_held`, partner_held)
      partners.found.add(`${earnedBy ?? partnerId} ${currency} commission_expense`, commission_expense)
    },

    /** A payout: what is in it is its partner's, into whomever that one has been merged since. */
    payout({ partnerId, currency, amount, paidAt, failedAt }: Payout) {
      if (!failedAt) partners.found.add(`${partnerId} ${currency} partner_${paidAt ? 'paid' : 'payable'}`, amount)
    },

    /** A sum that is kept. */
    kept(of: 'owed' | 'months' | 'days' | 'program', { at, partnerId, currency, amount }: Kept) {
      const to = { owed, months, days, program }[of]
      to.found.add(of === 'owed' ? ` ${currency} ${at}` : `${partnerId} ${currency}`, amount)
    },

    balances(): Ledger['balances'] {
      return [...accounts.all()].map(([key, amount]) => {
        const [account = '', currency = ''] = key.split(' ')
        return { account, currency, amount }
      })
    },

    /** Where the two do not agree. */
    wrong(programId: string): Wrong[] {
      const byCurrency = summed()
      for (const [key, amount] of accounts.all()) byCurrency.add(key.split(' ')[1] ?? '', amount)
      const unbalanced = [...byCurrency.all()].filter(([, amount]) => amount !== 0)
      return [
        ...unbalanced.map(([currency, amount]) =>
          differs('accounts_unbalanced', programId, currency, 0, amount, 'The sum of all accounts'),
        ),
        ...partners
          .differing()
          .map(({ object, currency, of, right, found }) =>
            differs(
              'partner_balance',
              object,
              currency,
              right,
              found,
              `What the partner's commissions and payouts come to in ${of}`,
            ),
          ),
        ...days
          .differing()
          .map(({ object, currency, right, found }) =>
            differs('partner_earned', object, currency, right, found, 'What the partner earned on all its days'),
          ),
        ...months
          .differing()
          .map(({ object, currency, right, found }) =>
            differs('partner_earned', object, currency, right, found, 'What the partner earned in all its months'),
          ),
        ...owed
          .differing()
          .map(({ currency, of, right, found }) =>
            differs('program_owed', programId, currency, right, found, `What is kept as owed ${when(of)}`),
          ),
        ...program
          .differing()
          .map(({ currency, right, found }) =>
            differs('program_commissions', programId, currency, right, found, 'What all partners earned on all days'),
          ),
      ]
    },
  }
}

function when(on: string) {
  if (on === 'held') return 'and held'
  return on ? `from ${on}` : 'and on its way'
}

/** Sums by a key; an amount of minor units may be large, and there may be many. */
function summed() {
  const known = new Map<string, bigint>()
  return {
    add: (key: string, amount: number) => void known.set(key, (known.get(key) ?? 0n) + BigInt(amount)),
    get: (key: string) => Number(known.get(key) ?? 0n),
    keys: () => known.keys(),
    all: () => [...known].map(([key, amount]) => [key, Number(amount)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  }
}

/** What follows from the journal beside what is kept, by object, currency and what it is of. */
function pairs() {
  const [right, found] = [summed(), summed()]
  return {
    right,
    found,
    differing() {
      const keys = [...new Set([...right.keys(), ...found.keys()])].sort()
      return keys
        .filter(key => right.get(key) !== found.get(key))
        .map(key => {
          const [object = '', currency = '', of = ''] = key.split(' ')
          return { object, currency, of, right: right.get(key), found: found.get(key) }
        })
    },
  }
}
