import type { CommissionWithHistory } from '../../../server/contract/commissions.ts'
import { money, month } from '../../format.ts'
import { actNames, actsOn, type Commission, decide } from '../../models/commissions.ts'
import { useOne } from '../../models/one.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { say } from '../../models/telling.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Facts, Loaded, Note, Section } from '../parts/page.tsx'
import { Id, Money, Outside, PartnerLink, When } from '../parts/values.tsx'
import { CommissionState, earnedFor } from './state.tsx'

type Props = { id: string; close: () => void; changed: (known: Partial<Commission>) => void }

/** One commission: what it came from, what became of it, and what may be decided now. */
export function CommissionDrawer({ id, close, changed }: Props) {
  const one = useOne<CommissionWithHistory>(app(`/commissions/${id}`))
  const known = one.value.value
  return (
    <Drawer key={id} label="Commission" title={known ? money(known.amount, known.currency) : 'Commission'} close={close}>
      <Loaded one={one}>
        {commission => (
          <>
            <Standing commission={commission} />
            <Decisions
              commission={commission}
              decided={decided => {
                changed(decided)
                void one.load()
              }}
            />
            <Story commission={commission} />
            <Journal commission={commission} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

type OfOne = { commission: CommissionWithHistory }

function Standing({ commission }: OfOne) {
  const { why, earned, reversed, paid, amount, currency, story } = commission
  const click = story.click
  return (
    <>
      <p>
        <CommissionState {...commission} />
      </p>
      {commission.status === 'held' && <Held commission={commission} />}
      <Note>
        <strong>{why.kind === 'sale' ? why.formula : why.note}</strong>
        {why.kind === 'sale' && (
          <p class="muted">
            {rules[why.ruleFrom]}
            {why.rate !== null && ', as it was when the customer came'}. Halves of a cent are rounded to the even one.
          </p>
        )}
        {reversed !== 0 && (
          <p class="muted">
            {money(earned, currency)} earned, {money(reversed, currency)} taken back by refunds, {money(amount, currency)} left.
          </p>
        )}
        {paid !== 0 && paid !== amount && (
          <p class="muted">{money(paid, currency)} has been paid; the difference goes into the partner's next payout.</p>
        )}
      </Note>
      <Facts
        wide
        facts={[
          ['Partner', <PartnerLink key="p" id={commission.partnerId} name={commission.partnerName} />],
          ['For', earnedFor(commission)],
          ['Code', why.kind === 'sale' && why.code],
          ['Customer', story.signup?.customerId],
          ['Payment', story.payment && <Id>{story.payment.externalId}</Id>],
          ['Came from', click?.referrer && <Outside href={click.referrer} />],
          ['Landed on', click?.url && <Outside href={click.url} />],
          ['Campaign', click?.campaign],
          ['Month', month(commission.period)],
          [
            'Payout',
            commission.payoutId && (
              <a key="o" href={screen(`payouts/${commission.payoutId}`)}>
                See the payout
              </a>
            ),
          ],
          ['Id', <Id key="i">{commission.id}</Id>],
        ]}
      />
    </>
  )
}

function Held({ commission: { heldReason, referralId } }: OfOne) {
  if (heldReason !== 'referral_review') return heldReason ? <Note tone="bad">Held: {heldReason}</Note> : null
  return (
    <Note tone="bad">
      Held, because its referral waits for a review. <a href={screen(`referrals/${referralId}`)}>Look at the referral</a>
    </Note>
  )
}

const rules = {
  program: "The program's rate",
  partner: "The partner's own rate",
  product: "The product's rate",
}

function Decisions({ commission, decided }: OfOne & { decided: (known: Commission) => void }) {
  const acts = actsOn(commission)
  if (!acts.length || !may.money.value) return null
  return (
    <div class="acts">
      {acts.map(act => (
        <button
          type="button"
          key={act}
          onClick={async () => {
            const known = await decide(commission, act)
            if (!known) return
            say(`${actNames[act]}: done`)
            decided(known)
          }}
        >
          {actNames[act]}
        </button>
      ))}
    </div>
  )
}

function Story({ commission: { story } }: OfOne) {
  return (
    <Section title="How it came to this">
      <ol class="story">
        {story.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story is told in its order, and a step has no name of its own
          <li key={at}>
            <p class="muted small">
              <When at={step.at} hour />
            </p>
            <p>{withoutTime(step.text)}</p>
            {step.amount !== null && step.currency && (
              <p class="amount">
                <Money minor={step.amount} currency={step.currency} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </Section>
  )
}

// The time stands above in the program's own zone.
function withoutTime(text: string) {
  const rest = text.replace(/^At \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC /, '')
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

function Journal({ commission: { entries } }: OfOne) {
  return (
    <details class="more">
      <summary>Entries of the journal</summary>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Booked</th>
            <th scope="col">What</th>
            <th scope="col">Account</th>
            <th scope="col" class="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map(entry => (
            <tr key={`${entry.transactionId} ${entry.account} ${entry.amount}`}>
              <td class="quiet">
                <When at={entry.at} hour />
              </td>
              <td>{entry.kind.replaceAll('_', ' ')}</td>
              <td>
                <Id>{entry.account}</Id>
              </td>
              <td class="end">
                <Money minor={entry.amount} currency={entry.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        Times are those of {program.value?.timeZone}. The entries of one booking add up to nothing: what one account gets, another
        gives.
      </p>
    </details>
  )
}
