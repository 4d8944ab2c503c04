import type { PayoutWithLines } from '../../../server/contract/payouts.ts'
import { money } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { markFailed, markPaid, type Payout, providerOf, send } from '../../models/payouts.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Facts, Loaded, Note, Section } from '../parts/page.tsx'
import { Id, Money, PartnerLink, When } from '../parts/values.tsx'
import { Sending } from './sending.tsx'
import { methodOf, missingNames, PayoutState } from './state.tsx'

type Props = { id: string; close: () => void; changed: (known: Partial<Payout>) => void }

/** One payout: what is in it, where it goes, and what came of it. */
export function PayoutDrawer({ id, close, changed }: Props) {
  const one = useOne<PayoutWithLines>(app(`/payouts/${id}`))
  const known = one.value.value
  const after = (next: Partial<Payout> | undefined) => {
    if (!next) return
    changed(next)
    void one.load()
  }
  return (
    <Drawer key={id} label="Payout" title={known ? money(known.amount, known.currency) : 'Payout'} close={close}>
      <Loaded one={one}>
        {payout => (
          <>
            <p>
              <PayoutState {...payout} /> <span class="muted">to</span>{' '}
              <PartnerLink id={payout.partnerId} name={payout.partnerName} />
            </p>
            {payout.missing.length > 0 && (
              <Note tone="bad">
                <strong>It is not known where to pay it.</strong> Missing:{' '}
                {payout.missing.map(each => missingNames[each] ?? each).join(', ')}.{' '}
                <a href={screen(`partners/${payout.partnerId}`)}>Open the partner</a>
              </Note>
            )}
            {payout.failure && <Note tone="bad">Failed: {payout.failure}</Note>}
            <Decisions payout={payout} after={after} />
            <Facts
              wide
              facts={[
                ['Paid by', methodOf(payout)],
                ['Reference', payout.reference],
                ['Made', <When key="m" at={payout.createdAt} hour />],
                ['Paid', payout.paidAt && <When key="p" at={payout.paidAt} hour />],
                ['Failed', payout.failedAt && <When key="f" at={payout.failedAt} hour />],
                [
                  'Batch',
                  payout.batchId && (
                    <a key="b" href={screen(`payouts/batches/${payout.batchId}`)}>
                      See the batch
                    </a>
                  ),
                ],
                ['Id', <Id key="i">{payout.id}</Id>],
              ]}
            />
            {payout.sending && <Sending payout={payout} sending={payout.sending} ended={() => after({ payable: true })} />}
            <Lines payout={payout} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

type OfOne = { payout: PayoutWithLines }

function Decisions({ payout, after }: OfOne & { after: (known: Partial<Payout> | undefined) => void }) {
  if (payout.status !== 'pending' || !may.money.value) return null
  // While a provider is sending it, the provider says what came of it.
  if (!payout.payable && !payout.missing.length) return null
  const canSend = providerOf(payout) && payout.payable && program.value?.mode !== 'test'
  return (
    <div class="acts">
      {canSend && (
        <button type="button" onClick={async () => (await send(payout)) && after({ payable: false })}>
          Send by {providerOf(payout)}
        </button>
      )}
      <button type="button" onClick={async () => after(await markPaid(payout))}>
        Mark as paid
      </button>
      <button type="button" onClick={async () => after(await markFailed(payout))}>
        Mark as failed
      </button>
    </div>
  )
}

type Line = PayoutWithLines['lines'][number]

const kinds: Record<Line['kind'], string> = {
  commission: '',
  adjustment: 'Correction',
  taken_back: 'Taken back of what was paid before',
  given_back: 'Given back of what was taken before',
}

// What was brought over says so itself.
const nameOf = ({ kind, why }: Pick<Line, 'kind' | 'why'>) =>
  kind === 'adjustment' && why.kind === 'adjustment' && why.imported ? '' : kinds[kind]

function Lines({ payout: { lines } }: OfOne) {
  return (
    <Section title="What is in it">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Earned</th>
            <th scope="col" class="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ commissionId, kind, why, occurredAt, amount, currency }) => (
            <tr key={commissionId}>
              <th scope="row" class="main">
                <a href={screen(`commissions/${commissionId}`)}>{why.kind === 'sale' ? why.formula : why.note}</a>
                {nameOf({ kind, why }) && <span class="sub">{nameOf({ kind, why })}</span>}
              </th>
              <td class="quiet">
                <When at={occurredAt} />
              </td>
              <td class="end">
                <Money minor={amount} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
