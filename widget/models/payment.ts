import { batch, signal } from '@preact/signals'
import type { PayoutSettings } from '../../server/contract/payout-settings.ts'
import type { Api } from '../api.ts'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'
import { list, nullable, number, shape, text, time } from '../reading.ts'
import { acts } from './acts.ts'

const PATH = '/v1/affiliate/payout-settings'

export type Paid = Pick<PayoutSettings, 'email' | 'iban' | 'accountNumber' | 'walletAddress' | 'stripeAccount'> &
  Pick<PayoutSettings, 'changedAt' | 'waitsUntil' | 'coolingDays'> & {
    method: string | null
    methods: string[]
    missing: string[]
  }
const words = nullable(text)
const read = shape<Paid>({
  method: words,
  methods: list(text),
  email: words,
  iban: words,
  accountNumber: words,
  walletAddress: words,
  stripeAccount: words,
  missing: list(text),
  changedAt: nullable(time),
  waitsUntil: nullable(time),
  coolingDays: number,
})

/** A bank account goes by its IBAN or, where there is none, by its number: two ways for whoever chooses. */
export type Way = 'paypal' | 'iban' | 'account' | 'crypto' | 'stripe'

/** How a partner is paid, and what it says of that. */
export function payment(api: Api, { emit, deactivated }: { emit: Emit; deactivated: () => void }) {
  const all = acts({ emit, deactivated })
  const paid = signal<Paid | undefined>()
  const failure = signal<Failure | undefined>()
  const way = signal<Way | undefined>()
  const saved = signal(false)

  async function load() {
    failure.value = undefined
    try {
      paid.value = read(await api.ask('GET', PATH))
    } catch (error) {
      const refused = Failure.from(error)
      if (refused.code === 'partner_deactivated') deactivated()
      failure.value = refused
      emit('error', { code: refused.code })
    }
  }

  return {
    ...all,
    paid,
    failure,
    /** The way whose form is open. */
    way,
    saved,
    load,
    /** Opens the form of a way to be paid, or closes it. */
    choose(next: Way | undefined) {
      batch(() => {
        way.value = next
        saved.value = false
        all.refused.value = undefined
      })
    },
    save: (answers: Record<string, string>) =>
      all.run('pay', async () => {
        const { way: chosen, ...given } = answers
        const method = chosen === 'iban' || chosen === 'account' ? 'bank_transfer' : chosen
        const details = Object.entries(given).map(([name, value]) => [name, value || null])
        const after = read(await api.ask('PATCH', PATH, { method, ...Object.fromEntries(details) }))
        batch(() => {
          paid.value = after
          way.value = undefined
          saved.value = true
        })
      }),
  }
}

export type Payment = ReturnType<typeof payment>
