import { useState } from 'preact/hooks'
import { counted } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { type Preview, preview } from '../../models/settings.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Note, Section } from '../parts/page.tsx'
import { Money, PartnerLink } from '../parts/values.tsx'

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** What the terms in the form above would have made of what has been paid: before they are saved. */
export function TermsPreview({ form, currency }: { form: string; currency: string }) {
  const acts = useActs()
  const [report, setReport] = useState<Preview | undefined>(undefined)
  const [days] = useState(() => [dayOf(Date.now() - 90 * 86_400_000), dayOf(Date.now())] as const)
  const terms = () => {
    const above = document.querySelector<HTMLFormElement>(`#${form} form`)
    return Object.fromEntries([...new FormData(above ?? undefined)].map(([name, value]) => [name, String(value).trim()]))
  }
  return (
    <Section
      title="Before you save"
      text="What the terms above would have made of what has been paid. Nothing is changed by this."
    >
      <Form
        acts={acts}
        act="preview"
        verb="Show what would change"
        send={({ from = '', to = '', referrals = '' }) =>
          acts.run('preview', async () => setReport(await preview({ from, to, referrals }, terms(), currency)))
        }
      >
        <div class="pair">
          <Field name="from" label="From" kind="date" value={days[0]} />
          <Field name="to" label="To" kind="date" value={days[1]} />
        </div>
        <Choice
          name="referrals"
          label="If they had held"
          options={[
            ['all', 'For every customer'],
            ['made_in_span', 'For customers who came from the first day on'],
          ]}
        />
      </Form>
      {report && <Report report={report} />}
    </Section>
  )
}

function Report({ report: { payments, changed, moved, totals, partners, partnersLeftOut } }: { report: Preview }) {
  if (!payments) return <Note>Nothing was paid in that span.</Note>
  return (
    <>
      <Note tone={changed ? 'waiting' : 'quiet'}>
        <strong>
          Of {counted(payments, 'payment')}, {changed ? counted(changed, 'commission') : 'no commission'} would have been another.
        </strong>
        {moved > 0 && ` ${counted(moved, 'commission')} could have been paid on another day.`}
      </Note>
      {(changed > 0 || moved > 0) && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col" class="end">
                As it is
              </th>
              <th scope="col" class="end">
                Then
              </th>
            </tr>
          </thead>
          <tbody>
            {totals.map(({ currency, before, after }) => (
              <tr key={currency}>
                <th scope="row" class="main">
                  All, in {currency}
                </th>
                <td class="end">
                  <Money minor={before} currency={currency} />
                </td>
                <td class="end">
                  <Money minor={after} currency={currency} />
                </td>
              </tr>
            ))}
            {partners.flatMap(partner =>
              partner.totals.map(({ currency, before, after }) => (
                <tr key={`${partner.partnerId} ${currency}`}>
                  <td>
                    <PartnerLink id={partner.partnerId} name={partner.partnerName} />
                  </td>
                  <td class="end">
                    <Money minor={before} currency={currency} />
                  </td>
                  <td class="end">
                    <Money minor={after} currency={currency} />
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      )}
      {partnersLeftOut > 0 && <p class="hint">And {counted(partnersLeftOut, 'more partner')}.</p>}
    </>
  )
}
