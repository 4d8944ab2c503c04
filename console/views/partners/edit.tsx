import { useActs } from '../../models/acts.ts'
import type { One } from '../../models/one.ts'
import { change, create, nameOf, type Partner, type PartnerWithStats } from '../../models/partners.ts'
import { go, goBack } from '../../models/place.ts'
import { screen } from '../../models/session.ts'
import { say } from '../../models/telling.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Header } from '../parts/page.tsx'
import { methodNames } from './state.tsx'

/** Somebody who becomes a partner without having applied. */
export function NewPartner() {
  const acts = useActs()
  return (
    <>
      <Header
        title="Add a partner"
        text="They are a partner at once, under the program's terms as they are now."
        up={{ href: screen('partners'), name: 'Partners' }}
      />
      <div class="narrow">
        <Form
          acts={acts}
          act="create"
          verb="Add the partner"
          primary
          cancel={() => goBack(screen('partners'))}
          send={answers =>
            acts.run('create', async () => {
              const made = await create(answers)
              say(`${nameOf(made)} is a partner`)
              go(screen(`partners/${made.id}`), { replace: true })
            })
          }
        >
          <Fields />
        </Form>
      </div>
    </>
  )
}

/** The same fields of a partner that is there. */
export function EditPartner({ one, partner }: { one: One<PartnerWithStats>; partner: PartnerWithStats }) {
  const acts = useActs()
  const back = () => goBack(screen(`partners/${partner.id}`))
  return (
    <>
      <Header title={`Edit ${nameOf(partner)}`} up={{ href: screen(`partners/${partner.id}`), name: nameOf(partner) }} />
      <div class="narrow">
        <Form
          acts={acts}
          act="change"
          verb="Save"
          primary
          cancel={back}
          send={answers =>
            acts.run(
              'change',
              async () => {
                const changed = await change(partner, answers)
                one.value.value = { ...partner, ...changed }
                back()
              },
              { done: 'Saved' },
            )
          }
        >
          <Fields partner={partner} />
        </Form>
      </div>
    </>
  )
}

function Fields({ partner }: { partner?: Partner }) {
  return (
    <>
      <div class="pair">
        <Field name="first_name" label="First name" required={false} max={120} value={partner?.first_name} />
        <Field name="last_name" label="Last name" required={false} max={120} value={partner?.last_name} />
      </div>
      <Field name="email" label="E-mail" kind="email" max={254} value={partner?.email} />
      <Field
        name="slug"
        label="Code"
        max={64}
        value={partner?.slug}
        hint={
          partner
            ? 'Links with the code that they have now go on working.'
            : 'What stands in their links: letters, digits, and - _ . ~'
        }
      />
      <Field
        name="commission_pct"
        label="Rate of their own"
        kind="number"
        unit="%"
        required={false}
        min={0}
        value={partner?.commission_pct}
        hint="Left empty, the program's. It holds for customers who come from now on; those who came before keep theirs."
      />
      <div class="pair">
        <Choice
          name="payout_method"
          label="Paid by"
          value={partner?.payout_method ?? ''}
          options={[['', 'Not said yet'], ...Object.entries(methodNames)]}
        />
        <Field
          name="payout_email"
          label="Payout address"
          kind="email"
          required={false}
          max={254}
          value={partner?.payout_email}
          hint="For PayPal: where the money goes."
        />
      </div>
    </>
  )
}
