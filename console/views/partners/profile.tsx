import { count, money, percent } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { deactivate, nameOf, type PartnerWithStats, partnerPath, reactivate } from '../../models/partners.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { askFirst, say } from '../../models/telling.ts'
import { Copy } from '../parts/copy.tsx'
import { Facts, Figures, Header, Loaded, Tabs } from '../parts/page.tsx'
import { Id, When } from '../parts/values.tsx'
import { Correction } from './correction.tsx'
import { whatItMeans } from './deactivation.tsx'
import { EditPartner } from './edit.tsx'
import { Merge } from './merge.tsx'
import { PartnerChanges, PartnerCodes, PartnerCommissions, PartnerPayouts } from './parts-of.tsx'
import { methodNames, PartnerState } from './state.tsx'

const tabs = [
  ['', 'Profile'],
  ['commissions', 'Commissions'],
  ['payouts', 'Payouts'],
  ['codes', 'Codes'],
  ['changes', 'Changes'],
] as const

/** One partner: what they have brought and are owed, what is known of them, and what can be done. */
export function Profile({ id, part }: { id: string; part: string }) {
  const one = useOne<PartnerWithStats>(partnerPath(id))
  return (
    <Loaded one={one} shape="page">
      {partner => {
        if (part === 'edit') return <EditPartner one={one} partner={partner} />
        const changed = (known: object) => {
          one.value.value = { ...partner, ...known }
        }
        return (
          <>
            <Head partner={partner} changed={changed} />
            <Tabs
              label={nameOf(partner)}
              tabs={tabs.map(([path, name]) => ({
                name,
                href: screen(`partners/${id}${path && `/${path}`}`),
                current: part === path || (['correct', 'merge'].includes(part) && path === ''),
              }))}
            />
            {part === 'commissions' ? (
              <PartnerCommissions id={id} />
            ) : part === 'payouts' ? (
              <PartnerPayouts id={id} />
            ) : part === 'codes' ? (
              <PartnerCodes id={id} />
            ) : part === 'changes' ? (
              <PartnerChanges id={id} />
            ) : (
              <About partner={partner} />
            )}
            {part === 'correct' && <Correction partner={partner} done={() => void one.load()} />}
            {part === 'merge' && <Merge partner={partner} done={() => void one.load()} />}
          </>
        )
      }}
    </Loaded>
  )
}

type OfOne = { partner: PartnerWithStats }

function Head({ partner, changed }: OfOne & { changed: (known: object) => void }) {
  const { id, status, merged_into } = partner
  const isOff = status === 'deactivated'
  return (
    <Header
      title={nameOf(partner)}
      text={
        <span class="line">
          <PartnerState status={status} /> <span>{partner.email}</span>
          {merged_into && <a href={screen(`partners/${merged_into}`)}>Merged into another</a>}
        </span>
      }
      up={{ href: screen('partners'), name: 'Partners' }}
    >
      {may.money.value && !merged_into && (
        <a class="button" href={screen(`partners/${id}/correct`)} data-keep>
          Correct the balance
        </a>
      )}
      {may.manage.value && (
        <>
          <a class="button" href={screen(`partners/${id}/edit`)}>
            Edit
          </a>
          {!merged_into && (
            <>
              <a class="button" href={screen(`partners/${id}/merge`)} data-keep>
                Merge into …
              </a>
              <button type="button" onClick={() => void (isOff ? turnOn(partner, changed) : turnOff(partner, changed))}>
                {isOff ? 'Activate again' : 'Deactivate'}
              </button>
            </>
          )}
        </>
      )}
    </Header>
  )
}

function turnOff(partner: PartnerWithStats, changed: (known: object) => void) {
  return askFirst({
    title: `Deactivate ${nameOf(partner)}?`,
    text: whatItMeans(app(`/partners/${partner.id}/deactivation`)),
    verb: 'Deactivate',
    danger: true,
    act: async () => {
      changed(await deactivate(partner.id))
      say(`${nameOf(partner)} is deactivated`)
    },
  })
}

function turnOn(partner: PartnerWithStats, changed: (known: object) => void) {
  return askFirst({
    title: `Activate ${nameOf(partner)} again?`,
    text: 'Their links and codes work again, and they can sign in. What came by their links in the meantime was not counted.',
    verb: 'Activate',
    act: async () => {
      changed(await reactivate(partner.id))
      say(`${nameOf(partner)} is active`)
    },
  })
}

function About({ partner }: OfOne) {
  const currency = program.value?.currency ?? ''
  const { stats, slug, commission_pct, payout_method, payout_email, metadata, created_at, stripe_account_id } = partner
  const site = program.value?.siteUrl ?? ''
  const link = site && `${site.replace(/\/$/, '')}/?ref=${encodeURIComponent(slug)}`
  return (
    <>
      <Figures
        figures={[
          { name: 'Pending', value: money(stats.pending_cents, currency), note: 'in the holding period' },
          { name: 'Approved', value: money(stats.approved_cents, currency), note: 'in the next payout' },
          { name: 'Paid so far', value: money(stats.paid_cents, currency) },
          {
            name: 'Earned in all',
            value: money(stats.total_earned_cents, currency),
            note: `${count(stats.total_commissions)} commissions`,
          },
        ]}
      />
      <section class="section">
        <Facts
          wide
          facts={[
            ['Code', slug],
            [
              'Link',
              link && (
                <span key="l" class="line">
                  {link.replace(/^https?:\/\//, '')} <Copy text={link} what="link" />
                </span>
              ),
            ],
            ['Rate', commission_pct === null ? "The program's" : `${percent(commission_pct)}, their own`],
            ['Paid by', payout_method ? methodNames[payout_method] : 'Not said yet'],
            ['Payout address', payout_email],
            ['Stripe account', stripe_account_id && <Id>{stripe_account_id}</Id>],
            ['Partner since', <When key="w" at={created_at} />],
            ...Object.entries(metadata ?? {}).map(([name, value]): [string, string] => [name, told(value)]),
            ['Id', <Id key="i">{partner.id}</Id>],
          ]}
        />
      </section>
    </>
  )
}

const told = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
