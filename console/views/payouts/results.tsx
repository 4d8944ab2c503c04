import { useState } from 'preact/hooks'
import type { ResultFormat } from '../../../server/contract/payout-results.ts'
import { told } from '../../failure.ts'
import { count, counted } from '../../format.ts'
import { codes, formatNames, type Report, type Results, useResults } from '../../models/payout-results.ts'
import { may, screen } from '../../models/session.ts'
import { Badge, Figures, Note, Nothing, Progress, Section } from '../parts/page.tsx'
import { Upload } from '../parts/upload.tsx'

/** What a bank or a provider says came of payouts: looked at line by line, then recorded. */
export function ResultFile() {
  const results = useResults()
  if (!may.money.value)
    return <Nothing title="Your role may not do that" text="Finance, a manager or an owner brings back result files." />
  const failure = results.acts.failure.value
  return (
    <>
      {results.report.value ? <Looked results={results} report={results.report.value} /> : <Choose results={results} />}
      {results.acts.doing.value === 'look' && <Progress label="Reading the file" />}
      {failure && (
        <p class="fault section" role="alert">
          {told(failure).title}. {told(failure).text}
        </p>
      )}
    </>
  )
}

function Choose({ results }: { results: Results }) {
  const [format, setFormat] = useState<ResultFormat>('plain')
  return (
    <div class="narrow form">
      <p class="muted">
        After a file has been paid, the bank or the provider says what came of each payment. You see line by line what that would
        change before anything is recorded.
      </p>
      <div class="field">
        <label for="result-format">What kind of file</label>
        <select id="result-format" value={format} onChange={event => setFormat(event.currentTarget.value as ResultFormat)}>
          {Object.entries(formatNames).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Upload
        label="The file"
        hint="Drop it here, or choose it. 5,000 lines at most. Nothing is recorded yet."
        accept=".csv,.txt,.xml,text/csv,text/xml,application/xml"
        busy={!!results.acts.doing.value}
        give={file => void results.look(file, format)}
      />
    </div>
  )
}

function Looked({ results, report }: { results: Results; report: Report }) {
  const { dryRun, paid, failed, unchanged, refused, lines } = report
  const changes = paid + failed
  const busy = results.acts.doing.value === 'record'
  // What somebody has to look at comes first, each in the order of the file.
  const sorted = [...lines].sort((a, b) => Number(isFine(a.code)) - Number(isFine(b.code)) || a.line - b.line)
  return (
    <>
      <Note tone={dryRun ? 'waiting' : 'good'}>
        <strong>
          {results.file.value?.name}: {dryRun ? 'nothing is recorded yet.' : 'recorded.'}
        </strong>{' '}
        {dryRun && (changes ? `${counted(changes, 'payout')} would change.` : 'Nothing would change.')}
      </Note>
      <Figures
        figures={[
          { name: 'Paid', value: count(paid) },
          { name: 'Failed', value: count(failed) },
          { name: 'Known already', value: count(unchanged) },
          { name: 'Not taken', value: count(refused) },
        ]}
      />
      <div class="acts section">
        {dryRun && changes > 0 && (
          <button type="button" class="primary" aria-disabled={busy} onClick={() => void results.record()}>
            {busy ? 'Recording …' : `Record ${counted(changes, 'payout')}`}
          </button>
        )}
        <button type="button" onClick={results.again}>
          {dryRun ? 'Another file' : 'Bring another file'}
        </button>
      </div>
      <Section title="Line by line">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Payout</th>
              <th scope="col">{dryRun ? 'What would come of it' : 'What came of it'}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ line, payoutId, code }) => (
              <tr key={`${line} ${payoutId}`}>
                <td class="quiet">{line}</td>
                <td>{payoutId ? <a href={screen(`payouts/${payoutId}`)}>{payoutId}</a> : 'Not named'}</td>
                <td>
                  <Badge tone={codes[code][0]}>{codes[code][1]}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  )
}

const isFine = (code: Report['lines'][number]['code']) => ['paid', 'failed', 'unchanged'].includes(code)
