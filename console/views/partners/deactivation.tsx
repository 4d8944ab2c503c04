import type { Deactivation } from '../../../server/contract/console.ts'
import { counted, money } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { Loaded } from '../parts/page.tsx'

/** What it will mean to deactivate a partner, as the server works it out. */
export const whatItMeans = (path: string) => <Meaning path={path} />

function Meaning({ path }: { path: string }) {
  const one = useOne<Deactivation>(path)
  return (
    <Loaded one={one} shape="text">
      {known => (
        <ul class="means">
          <li>
            Nobody who comes by {known.codes === 1 ? 'their code' : `any of their ${counted(known.codes, 'code')}`} is counted for
            them any more.
          </li>
          <li>They can no longer see their dashboard.</li>
          {known.referrals > 0 && (
            <li>
              Later payments of the {counted(known.referrals, 'customer')} whom they brought{' '}
              {known.paysOn ? 'go on earning them commissions, as this program is set.' : 'no longer earn them anything.'}
            </li>
          )}
          {known.balances.map(({ currency, pending, approved }) => (
            <li key={currency}>{money(pending + approved, currency)} that they have earned is still paid when its time comes.</li>
          ))}
          {known.payoutsWaiting.map(({ id, amount, currency }) => (
            <li key={id}>A payout of {money(amount, currency)} is under way, and goes on.</li>
          ))}
          {known.keys + known.endpoints > 0 && (
            <li>
              {counted(known.keys, 'API key')} and {counted(known.endpoints, 'webhook endpoint')} of theirs stop working.
            </li>
          )}
          <li>They can be activated again.</li>
        </ul>
      )}
    </Loaded>
  )
}
