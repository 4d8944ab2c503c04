import { count } from '../../format.ts'
import { useOne } from '../../models/one.ts'
import { type Detail, decide, type How, type Referral, reasons, referralPath, stepNames, whoIs } from '../../models/referrals.ts'
import { may } from '../../models/session.ts'
import { Drawer } from '../parts/dialog.tsx'
import { Badge, Facts, Loaded, Note, Section, type Tone } from '../parts/page.tsx'
import { Id, PartnerLink, When } from '../parts/values.tsx'
import { ReferralState } from './state.tsx'

type Props = { id: string; close: () => void; changed: (known: Partial<Referral>) => void }

/** One referral: both sides, what is odd about it, what came of it, and the decision where one is due. */
export function ReferralDrawer({ id, close, changed }: Props) {
  const one = useOne<Detail>(referralPath(id))
  const known = one.value.value
  const answer = async (how: How) => {
    const decided = known && (await decide(known, how))
    if (!decided) return
    changed(decided)
    void one.load()
  }
  return (
    <Drawer key={id} label="Referral" title={known ? whoIs(known.referred) : 'Referral'} close={close}>
      <Loaded one={one}>
        {referral => (
          <>
            <p>
              <ReferralState status={referral.status} />
            </p>
            {referral.reviewReasons.map(each => (
              <Note key={each} tone={referral.status === 'review' ? 'bad' : 'quiet'}>
                <strong>{reasons[each][0]}.</strong> {reasons[each][1]}
              </Note>
            ))}
            {referral.status === 'review' && !referral.reviewReasons.length && (
              <Note>Nothing odd was found: the program asks for a look at every referral.</Note>
            )}
            {referral.rejectReason && <Note tone="bad">Rejected: {referral.rejectReason}</Note>}
            {referral.status === 'review' && may.manage.value && (
              <div class="acts">
                <button type="button" class="primary" onClick={() => void answer('approve')}>
                  Approve
                </button>
                <button type="button" onClick={() => void answer('reject')}>
                  Reject
                </button>
              </div>
            )}
            <Sides referral={referral} />
            <Rewards referral={referral} />
            <History referral={referral} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

type OfOne = { referral: Detail }

function Sides({ referral: { id, referred, referrer, code, campaign, clickId, createdAt } }: OfOne) {
  return (
    <Facts
      wide
      facts={[
        ['Who came', whoIs(referred)],
        ['Customer', referred.customerId],
        ['Address', referred.email],
        [
          'Came by',
          referrer.partnerId ? <PartnerLink key="p" id={referrer.partnerId} name={whoIs(referrer)} /> : whoIs(referrer),
        ],
        ["Referrer's address", referrer.email],
        ['Code', code],
        ['Campaign', campaign],
        ['Click', clickId && <Id>{clickId}</Id>],
        ['Signed up', <When key="w" at={createdAt} hour />],
        ['Id', <Id key="i">{id}</Id>],
      ]}
    />
  )
}

const rewardTones: Record<Detail['rewards'][number]['status'], [Tone, string]> = {
  pending: ['waiting', 'Pending'],
  granted: ['good', 'Granted'],
  cancelled: ['quiet', 'Cancelled'],
  reversed: ['bad', 'Taken back'],
}

function Rewards({ referral: { rewards } }: OfOne) {
  if (!rewards.length) return null
  return (
    <Section title="Rewards">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">State</th>
            <th scope="col" class="end">
              Credits
            </th>
          </tr>
        </thead>
        <tbody>
          {rewards.map(({ id, role, status, credits, attempts, lastOutcome }) => (
            <tr key={id}>
              <td>{role === 'referrer' ? 'Who referred' : 'Who came'}</td>
              <td>
                <Badge tone={rewardTones[status][0]}>{rewardTones[status][1]}</Badge>
                {status === 'pending' && attempts > 0 && (
                  <span class="sub">
                    Tried {count(attempts)} times{lastOutcome && `, last: ${lastOutcome.replaceAll('_', ' ')}`}
                  </span>
                )}
              </td>
              <td class="end">{count(credits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function History({ referral: { history } }: OfOne) {
  return (
    <Section title="What has happened">
      <ol class="story">
        {history.map(({ step, at, role }) => (
          <li key={`${step} ${role}`}>
            <p class="muted small">
              <When at={at} hour />
            </p>
            <p>
              {stepNames[step]}
              {role && `, to ${role === 'referrer' ? 'who referred' : 'who came'}`}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  )
}
