import { useActs } from '../../models/acts.ts'
import { correct, nameOf, type PartnerWithStats } from '../../models/partners.ts'
import { goBack } from '../../models/place.ts'
import { program, screen } from '../../models/session.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Note } from '../parts/page.tsx'

/** Adds to what a partner is owed, or takes from it, with a reason that stays. */
export function Correction({ partner, done }: { partner: PartnerWithStats; done: () => void }) {
  const acts = useActs()
  const close = () => goBack(screen(`partners/${partner.id}`))
  return (
    <Drawer title="Correct the balance" close={close}>
      <Note>
        {nameOf(partner)} sees the correction among their earnings, with the reason. It is available at once, and goes into the
        next payout.
      </Note>
      <Form
        acts={acts}
        act="correct"
        verb="Book the correction"
        primary
        cancel={close}
        send={answers =>
          acts.run(
            'correct',
            async () => {
              await correct(partner.id, answers)
              close()
              done()
            },
            { done: 'The correction is booked' },
          )
        }
      >
        <Choice
          name="way"
          label="What to do"
          options={[
            ['add', 'Add to the balance'],
            ['take', 'Take from the balance'],
          ]}
        />
        <div class="pair">
          <Field name="amount" label="Amount" kind="number" min={0} placeholder="0.00" />
          <Field name="currency" label="Currency" value={program.value?.currency} max={3} />
        </div>
        <Field name="note" label="Reason" kind="area" max={1000} />
      </Form>
    </Drawer>
  )
}
