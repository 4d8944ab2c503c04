import { money } from '../../format.ts'
import type { Carried } from '../../models/payouts.ts'
import { may, screen } from '../../models/session.ts'
import { Money, PartnerLink, When } from '../parts/values.tsx'

/** Why somebody is in no payout, in words. */
function Why({ carried: { reason, amount, minimum, currency, until } }: { carried: Carried }) {
  if (reason === 'details_changed')
    return (
      <>
        Has just changed how they are paid
        {until && (
          <>
            : waits until <When at={until} hour />
          </>
        )}
      </>
    )
  if (reason === 'below_zero') return <>Owes more than is owed to them: what they earn next is set against it</>
  if (amount === 0) return <>What was earned and what was taken back come to nothing</>
  return (
    <>
      Below the minimum of {money(minimum, currency)}: {money(minimum - amount, currency)} short
    </>
  )
}

/** Whom a run has left for the next one, and why. */
export function LeftOver({ carried }: { carried: Carried[] }) {
  if (!carried.length) return null
  const isMinimum = carried.some(({ reason, amount }) => reason === 'below_minimum' && amount > 0)
  return (
    <>
      <table class="table" aria-label="Left for the next batch">
        <thead>
          <tr>
            <th scope="col">Partner</th>
            <th scope="col">Why</th>
            <th scope="col" class="end">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {carried.map(each => (
            <tr key={`${each.partnerId} ${each.currency}`}>
              <th scope="row" class="main">
                <PartnerLink id={each.partnerId} name={each.partnerName} />
              </th>
              <td class="quiet">
                <Why carried={each} />
              </td>
              <td class="end">
                <Money minor={each.amount} currency={each.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint below">
        Nothing is lost: it goes on to the next batch.{' '}
        {isMinimum && may.manage.value && <a href={screen('settings/payouts')}>Change the minimum</a>}
      </p>
    </>
  )
}
