import { useState } from 'preact/hooks'
import type { MadePayouts } from '../../../server/contract/payouts.ts'
import { amount } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useOne } from '../../models/one.ts'
import { propose } from '../../models/payouts.ts'
import { go, goBack } from '../../models/place.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { methodNames } from '../partners/state.tsx'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Figures, Header, Loaded, Note } from '../parts/page.tsx'
import { Money } from '../parts/values.tsx'
import { LeftOver } from './left-over.tsx'

type Owed = { liabilities: { currency: string; pending: number; approved: number; held: number }[] }

/** Before a batch is made: what is due, and what of it somebody wants. */
export function Propose() {
  const acts = useActs()
  const owed = useOne<Owed>(app('/overview'))
  const settings = useOne<{ minPayoutAmount: number }>(app())
  const [nothing, setNothing] = useState<MadePayouts | undefined>(undefined)
  return (
    <>
      <Header
        title="Propose payouts"
        text="Makes one payout for everybody whose approved balance reaches the minimum. Nothing is sent: you look at them first."
        up={{ href: screen('payouts'), name: 'Payouts' }}
      />
      <Loaded one={owed} shape="text">
        {({ liabilities }) => (
          <Figures
            figures={
              liabilities.length
                ? liabilities.map(({ currency, approved, pending, held }) => ({
                    name: `Approved, in ${currency}`,
                    value: <Money minor={approved} currency={currency} />,
                    note: (
                      <>
                        <Money minor={pending} currency={currency} /> still in the holding period
                        {held !== 0 && (
                          <>
                            , <Money minor={held} currency={currency} /> held
                          </>
                        )}
                      </>
                    ),
                  }))
                : [{ name: 'Approved', value: <Money minor={0} currency={program.value?.currency ?? 'EUR'} /> }]
            }
          />
        )}
      </Loaded>
      <div class="narrow section">
        {nothing && (
          <Note>
            <strong>{nothing.carried.length ? 'Nobody can be paid yet.' : 'Nothing is due.'}</strong>{' '}
            {nothing.carried.length
              ? 'No batch was made. These have something, and what keeps each from being paid stands beside it:'
              : 'Nobody has an approved balance. What is in the holding period becomes approved by itself when that is over.'}
          </Note>
        )}
        {nothing && <LeftOver carried={nothing.carried} />}
        <Form
          acts={acts}
          act="propose"
          verb="Make the batch"
          primary
          cancel={() => goBack(screen('payouts'))}
          send={answers =>
            acts.run('propose', async () => {
              const made = await propose(answers)
              if (made.batch) go(screen(`payouts/batches/${made.batch.id}`), { replace: true })
              else setNothing(made)
            })
          }
        >
          <div class="pair">
            <Choice name="method" label="Paid by" options={[['', 'Every method'], ...Object.entries(methodNames)]} />
            <Field
              name="currency"
              label="Currency"
              required={false}
              max={3}
              placeholder={program.value?.currency}
              hint="Left empty, every currency: each partner gets one payout in each."
            />
          </div>
          {settings.value.value && (
            <p class="hint">
              The minimum is {amount(settings.value.value.minPayoutAmount, program.value?.currency ?? 'EUR')}. What does not reach
              it goes on to the next batch. {may.manage.value && <a href={screen('settings/payouts')}>Change it</a>}
            </p>
          )}
        </Form>
      </div>
    </>
  )
}
