import type { Application } from '../../../server/contract/applications.ts'
import { useOne } from '../../models/one.ts'
import { app, may } from '../../models/session.ts'
import { Copy } from '../parts/copy.tsx'
import { Facts, Note } from '../parts/page.tsx'
import { Outside, PartnerLink, When } from '../parts/values.tsx'
import { ApplicationState } from './queue.tsx'

type Settings = { brand: { applyFields: { name: string; label: string }[] } }
type Props = { application: Application; back: string; approve: () => void; reject: () => void }

/** What somebody has said of themselves, and what may be answered. */
export function Applicant({ application, back, approve, reject }: Props) {
  const settings = useOne<Settings>(app())
  const labels = new Map(settings.value.value?.brand.applyFields.map(({ name, label }) => [name, label]))
  const { name, email, company, website, reason, answers, status, rejectionReason, partnerId, createdAt, reviewedAt } =
    application
  const isWaiting = status === 'pending'
  return (
    <article class="pane" aria-label={name}>
      <a class="back" href={back} data-keep>
        All applications
      </a>
      <div class="heading">
        <h2>{name}</h2>
        <ApplicationState status={status} />
      </div>
      <p class="line">
        <a href={`mailto:${encodeURIComponent(email)}`}>{email}</a> <Copy text={email} what="address" />
      </p>
      {isWaiting && may.manage.value && (
        <div class="acts">
          <button type="button" class="primary" aria-keyshortcuts="a" onClick={approve}>
            Approve
          </button>
          <button type="button" aria-keyshortcuts="r" onClick={reject}>
            Reject
          </button>
        </div>
      )}
      {partnerId && (
        <Note tone="good">
          {reviewedAt ? (
            <>
              Approved on <When at={reviewedAt} />
            </>
          ) : (
            'Approved'
          )}
          : see <PartnerLink id={partnerId} name={name} />
        </Note>
      )}
      {status === 'rejected' && (
        <Note tone="bad">
          Rejected{' '}
          {reviewedAt && (
            <>
              on <When at={reviewedAt} />
            </>
          )}
          {rejectionReason ? `: ${rejectionReason}` : ', without a reason given.'}
        </Note>
      )}
      <Facts
        facts={[
          ['Why', reason],
          ['Company', company],
          ['Website', website && <Outside href={website} />],
          ...Object.entries(answers).map(([name, answer]): [string, string] => [labels.get(name) ?? name, answer]),
          ['Applied', <When key="a" at={createdAt} hour />],
        ]}
      />
    </article>
  )
}
