import type { Carried } from '../../models/payouts.ts'
import { Money, PartnerLink } from '../parts/values.tsx'

/** Whom a run has left for the next one, and why. */
export function LeftOver({ carried }: { carried: Carried[] }) {
  if (!carried.length) return null
  return (
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
        {carried.map(({ partnerId, amount, currency, reason }) => (
          <tr key={`${partnerId} ${currency}`}>
            <td>
              <PartnerLink id={partnerId} />
            </td>
            <td class="quiet">{reason === 'below_minimum' ? 'Below the minimum' : 'Owes more than is owed to them'}</td>
            <td class="end">
              <Money minor={amount} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
