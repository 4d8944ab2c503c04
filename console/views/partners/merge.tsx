import type { Merge as Meaning } from '../../../server/contract/partner-merges.ts'
import { counted, money } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useList } from '../../models/list.ts'
import { useOne } from '../../models/one.ts'
import { mergeInto, mergePath, nameOf, type Partner, type PartnerWithStats, partnersPath } from '../../models/partners.ts'
import { go, place } from '../../models/place.ts'
import { program, screen } from '../../models/session.ts'
import { Drawer } from '../parts/dialog.tsx'
import { type Filter, Filters } from '../parts/filters.tsx'
import { Form } from '../parts/form.tsx'
import { Loaded, Note } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { known } from './columns.tsx'
import { PartnerState } from './state.tsx'

type OfOne = { partner: PartnerWithStats; done: () => void }

/** Makes one partner of two: first into whom, then what it will mean. */
export function Merge({ partner, done }: OfOne) {
  const into = place.value.query.get('into')
  const close = () => go(screen(`partners/${partner.id}`), { replace: true, keep: true })
  return (
    <Drawer title={`Merge ${nameOf(partner)} into …`} close={close}>
      {into ? <Confirm partner={partner} into={into} done={done} /> : <Choose partner={partner} />}
    </Drawer>
  )
}

const filters: Filter[] = [{ name: 'search', label: 'Search', kind: 'search', placeholder: 'Name, address or code' }]

function Choose({ partner }: Pick<OfOne, 'partner'>) {
  const columns: Column<Partner>[] = [
    ...known,
    {
      name: 'State',
      end: true,
      cell: row => (row.id === partner.id ? <span class="muted">This one</span> : <PartnerState status={row.status} />),
    },
  ]
  const fixed = { appId: program.value?.id ?? '' }
  const list = useList<Partner>({ path: partnersPath, paging: 'page', filters: ['search'], fixed, size: 10, apart: true })
  return (
    <>
      <Note>Choose the account that goes on. Nothing happens before you have seen what it will mean.</Note>
      <Filters list={list} filters={filters} />
      <Table
        label="Partners"
        list={list}
        columns={columns}
        href={row =>
          row.id === partner.id || row.status === 'deactivated'
            ? undefined
            : `${screen(`partners/${partner.id}/merge`)}?into=${row.id}`
        }
        keep
        empty={{ title: 'Nobody here' }}
      />
    </>
  )
}

function Confirm({ partner, into, done }: OfOne & { into: string }) {
  const acts = useActs()
  const one = useOne<Meaning>(mergePath(partner.id, into))
  const again = `${screen(`partners/${partner.id}/merge`)}`
  return (
    <>
      <p>
        <a href={again} data-keep>
          Choose another
        </a>
      </p>
      <Loaded one={one} shape="text">
        {known => (
          <>
            <h3>
              {known.partner.name} ends, and {known.into.name} goes on
            </h3>
            <p class="muted">
              {known.partner.email} → {known.into.email}
            </p>
            <Means known={known} />
            <Form
              acts={acts}
              act="merge"
              verb="Merge for good"
              primary
              danger
              send={() =>
                acts.run(
                  'merge',
                  async () => {
                    await mergeInto(partner.id, into)
                    go(screen(`partners/${into}`), { replace: true })
                    done()
                  },
                  { done: `${known.partner.name} is merged into ${known.into.name}` },
                )
              }
            >
              {null}
            </Form>
          </>
        )}
      </Loaded>
    </>
  )
}

function Means({ known }: { known: Meaning }) {
  const { partner, into, codes, referrals, deals, balances, balancesAfter, payoutsWaiting, keys, endpoints } = known
  return (
    <ul class="means">
      <li>
        {counted(codes, 'code')} of theirs {codes === 1 ? 'leads' : 'lead'} to {into.name} from then on. Old links and QR codes go
        on working.
      </li>
      {referrals > 0 && (
        <li>
          Later payments of the {counted(referrals, 'customer')} whom they brought earn {into.name}, by the terms that they came
          under.
        </li>
      )}
      {deals > 0 && (
        <li>
          {counted(deals, 'lead')} that they registered {deals === 1 ? 'is' : 'are'} {into.name}'s.
        </li>
      )}
      {balances.map(({ currency, pending, approved, held }) => (
        <li key={currency}>
          {into.name} gets what they are owed: {sums({ pending, approved, held }, currency)}.
        </li>
      ))}
      {balances.length > 0 &&
        balancesAfter.map(({ currency, ...after }) => (
          <li key={`${currency} after`}>
            {into.name} then has {sums(after, currency)}.
          </li>
        ))}
      {payoutsWaiting.map(({ id, amount, currency }) => (
        <li key={id}>A payout of {money(amount, currency)} is under way. It stays theirs, and goes to their account.</li>
      ))}
      {keys + endpoints > 0 && (
        <li>
          {counted(keys, 'API key')} and {counted(endpoints, 'webhook endpoint')} of theirs stop working.
        </li>
      )}
      <li>{partner.name} can no longer sign in as this partner. What they earned and were paid so far stays on their record.</li>
      <li>It cannot be undone.</li>
    </ul>
  )
}

function sums(of: { pending: number; approved: number; held: number }, currency: string) {
  const parts = (['pending', 'approved', 'held'] as const).filter(each => of[each] !== 0)
  return parts.length ? parts.map(each => `${money(of[each], currency)} ${each}`).join(', ') : money(0, currency)
}
