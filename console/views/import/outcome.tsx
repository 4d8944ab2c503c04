import { count } from '../../format.ts'
import { type Importing, type Line, manyOf, outcomeNames, type Summary } from '../../models/import.ts'
import { kindOf, kinds, sources } from '../../models/import-sources.ts'
import { screen } from '../../models/session.ts'
import { Badge, Figures, Note, Section } from '../parts/page.tsx'
import { Money } from '../parts/values.tsx'

/** What would become of a file, or has. */
export function Outcome({ model, summary }: { model: Importing; summary: Summary }) {
  const { dryRun, created, changed, unchanged, skipped, refused } = summary
  const lines = model.lines.value
  const busy = !!model.acts.doing.value
  const next = nextOf(model, summary)
  return (
    <>
      <Verdict model={model} summary={summary} />
      <Figures
        figures={[
          { name: 'New', value: count(created) },
          { name: 'Changed', value: count(changed) },
          { name: 'Here already', value: count(unchanged) },
          { name: 'Left out', value: count(skipped), note: skipped > 0 && 'as tests, or nothing to book' },
          { name: 'Refused', value: count(refused), note: refused > 0 && 'why stands beside each below' },
        ]}
      />
      <div class="acts section">
        {dryRun && created + changed > 0 && (
          <button type="button" class="primary" aria-disabled={busy} onClick={() => void model.bring()}>
            {busy ? 'Bringing it in …' : 'Bring it in'}
          </button>
        )}
        <button type="button" class={dryRun || !next ? '' : 'primary'} onClick={model.again}>
          {dryRun || !next ? 'Another file' : `Next file: ${next}`}
        </button>
      </div>
      {!dryRun && <After model={model} summary={summary} isLast={!next} />}
      <Totals totals={summary.totals} dryRun={dryRun} />
      <Lines lines={lines} dryRun={dryRun} isAll={lines.length >= created + changed + unchanged + skipped + refused} />
    </>
  )
}

/** The kind of file that comes after this one; nothing after the last. */
function nextOf(model: Importing, { nouns, refused, created, changed, unchanged }: Summary) {
  const at = kinds.findIndex(({ kind }) => kind === kindOf(nouns))
  const cameToNothing = refused > 0 && !created && !changed && !unchanged
  return at < 0 || cameToNothing
    ? undefined
    : kinds
        .slice(at + 1)
        .find(({ kind }) => !model.brought.value.has(kind))
        ?.name.toLowerCase()
}

function Verdict({ model, summary }: { model: Importing; summary: Summary }) {
  const { dryRun, complete, refused } = summary
  const [made, changed] = [manyOf(summary, 'created'), manyOf(summary, 'changed')]
  return (
    <Note tone={dryRun || !complete ? 'waiting' : 'good'}>
      <strong>
        {model.file.value?.name}: {dryRun ? 'nothing is brought in yet.' : 'brought in.'}
      </strong>{' '}
      {made && `${made} ${dryRun ? 'would be' : 'are'} new. `}
      {changed && `${changed} ${dryRun ? 'would be' : 'are'} changed. `}
      {!made && !changed && dryRun && 'Nothing would change. '}
      {dryRun && refused > 0 && 'What is refused stays out; the rest can be brought in all the same. '}
      {!dryRun && 'The same file again changes nothing more. '}
      {!complete && 'It was not read to its end.'}
    </Note>
  )
}

/** What is to be done next, once something has been brought in. */
function After({ model, summary, isLast }: { model: Importing; summary: Summary; isLast: boolean }) {
  const { param, name } = sources[model.from.value]
  const kind = kindOf(summary.nouns)
  return (
    <ul class="means section">
      {kind === 'partners' && param && (
        <li>
          Links that your partners have given away say <code>?{param}=</code>. They go on counting once{' '}
          <a href={screen(`settings/install?params=ref,${param}`)}>the tag on your site</a> reads that too, in place of {name}'s.
        </li>
      )}
      {kind === 'partners' && (
        <li>
          See <a href={screen('partners')}>the partners</a>. They have not been told: that is yours to do.
        </li>
      )}
      {kind === 'referrals' && (
        <li>
          See <a href={screen('referrals')}>the referrals</a>. Each goes by the terms of this program from now on.
        </li>
      )}
      {kind === 'commissions' && (
        <li>
          See <a href={screen('commissions')}>the commissions</a>. What was paid there is not paid again; what is approved can be{' '}
          <a href={screen('payouts/new')}>paid from here</a>.
        </li>
      )}
      {isLast && summary.restored && (
        <li>
          {summary.restored.ok ? 'The books are right.' : 'The books are not right: tell whoever runs the server.'} Keys, admins
          and connections to providers are made anew; webhook endpoints wait, paused, for a new secret.
        </li>
      )}
    </ul>
  )
}

function Totals({ totals, dryRun }: Pick<Summary, 'totals' | 'dryRun'>) {
  if (!totals.length) return null
  return (
    <Section
      title="What the commissions come to"
      text={`Hold it against what the other system shows${dryRun ? ', before you bring it in' : ''}.`}
    >
      {totals.map(({ currency, pending, approved, held, paid, rejected }) => (
        <Figures
          key={currency}
          figures={[
            { name: 'Pending', value: <Money minor={pending} currency={currency} />, note: 'in the holding period' },
            { name: 'Approved', value: <Money minor={approved} currency={currency} />, note: 'due: in the next payouts' },
            { name: 'Held', value: <Money minor={held} currency={currency} />, note: 'until somebody decides' },
            { name: 'Paid', value: <Money minor={paid} currency={currency} />, note: 'there, and not again' },
            { name: 'Rejected', value: <Money minor={rejected} currency={currency} />, note: 'voided: worth nothing' },
          ]}
        />
      ))}
    </Section>
  )
}

const places: Record<string, string> = {
  partner: 'partners',
  referral: 'referrals',
  commission: 'commissions',
  payout: 'payouts',
}

function Lines({ lines, dryRun, isAll }: { lines: Line[]; dryRun: boolean; isAll: boolean }) {
  return (
    <Section title="Line by line">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">What</th>
            <th scope="col">{dryRun ? 'Would be' : 'Is'}</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ line, noun, key, outcome, message, id }) => (
            <tr key={`${line} ${noun} ${key}`}>
              <td class="quiet">{line}</td>
              <td>
                {id && places[noun] ? (
                  <a href={screen(`${places[noun]}/${id}`)}>
                    {noun} {key ?? id}
                  </a>
                ) : (
                  `${noun.replaceAll('_', ' ')} ${key ?? ''}`
                )}
              </td>
              <td>
                <Badge tone={outcomeNames[outcome][0]}>{outcomeNames[outcome][1]}</Badge>
              </td>
              <td class="quiet">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!isAll && <p class="hint below">What is refused and left out comes first. Of what is well, a part is shown.</p>}
    </Section>
  )
}
