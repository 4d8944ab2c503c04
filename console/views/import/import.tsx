import { told } from '../../failure.ts'
import { count, counted } from '../../format.ts'
import { type Importing, outcomeNames, type Summary, sourceNames, useImporting } from '../../models/import.ts'
import type { ScreenProps } from '../../screens.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Badge, Figures, Header, Note, Progress, Section } from '../parts/page.tsx'
import { Upload } from '../parts/upload.tsx'
import { Money } from '../parts/values.tsx'

/** Moving in: the exports of another system, looked at line by line, then brought in. */
export default function Import(_: ScreenProps) {
  const model = useImporting()
  const summary = model.summary.value
  const doing = model.acts.doing.value
  const progress = model.progress.value
  const failure = model.acts.failure.value
  return (
    <>
      <Header
        title="Import"
        text="Partners with their codes, referrals and commissions of another system, one file after the other: partners first."
      />
      {doing && (
        <Progress
          label={
            progress ? `${count(progress.lines)} lines ${doing === 'look' ? 'looked at' : 'brought in'}` : 'Reading the file'
          }
        />
      )}
      {model.problem.value && (
        <Note tone="bad">
          <strong>Line {count(model.problem.value.line)}: it cannot be read on from there.</strong> {model.problem.value.message}
        </Note>
      )}
      {summary && <Outcome model={model} summary={summary} />}
      <div hidden={!!summary}>
        <Ask model={model} />
      </div>
      {failure && summary && (
        <p class="fault" role="alert">
          {told(failure).title}. {told(failure).text}
        </p>
      )}
    </>
  )
}

function Ask({ model }: { model: Importing }) {
  const file = model.file.value
  return (
    <div class="narrow form">
      <Upload
        label={file ? `The file: ${file.name}` : 'The file'}
        hint="As the other system exports it, or an export of this product. Drop it here, or choose it."
        accept=".csv,.txt,.json,.ndjson,text/csv,application/json,application/x-ndjson"
        give={given => {
          model.file.value = given
        }}
      />
      <Form acts={model.acts} act="look" verb="Look at every line" primary send={model.look}>
        <div class="pair">
          <Choice name="from" label="It comes from" options={Object.entries(sourceNames)} />
          <Choice
            name="kind"
            label="It holds"
            options={[
              ['', 'Found out by its columns'],
              ['partners', 'Partners'],
              ['referrals', 'Referrals'],
              ['commissions', 'Commissions'],
            ]}
          />
        </div>
        <details class="more">
          <summary>How to read it, where that is not clear</summary>
          <div class="form">
            <div class="pair">
              <Choice
                name="amounts"
                label="Amounts"
                options={[
                  ['', 'As that system writes them'],
                  ['major', '12.50'],
                  ['minor', '1250 for 12.50'],
                ]}
              />
              <Choice
                name="dates"
                label="Dates"
                options={[
                  ['', 'Found out'],
                  ['dmy', 'Day before month'],
                  ['mdy', 'Month before day'],
                ]}
              />
            </div>
            <Field name="currency" label="Currency, where a line names none" required={false} max={3} />
            <Field
              name="columns"
              label="Columns"
              kind="area"
              required={false}
              hint="One a line, such as: email = E-mail address. Left empty, they are known by their names."
            />
          </div>
        </details>
        <p class="hint">Nothing is changed yet: you see line by line what would be.</p>
      </Form>
    </div>
  )
}

function Outcome({ model, summary }: { model: Importing; summary: Summary }) {
  const { dryRun, created, changed, unchanged, skipped, refused, complete, totals } = summary
  const lines = model.lines.value
  const changes = created + changed
  const busy = !!model.acts.doing.value
  return (
    <>
      <Note tone={dryRun ? 'waiting' : 'good'}>
        <strong>
          {model.file.value?.name}: {dryRun ? 'nothing is brought in yet.' : 'brought in.'}
        </strong>{' '}
        {dryRun && (changes ? `${counted(changes, 'thing')} would be made or changed.` : 'Nothing would change.')}
        {!dryRun && 'The same file again changes nothing more.'}
        {!complete && ' It was not read to its end.'}
      </Note>
      <Figures
        figures={[
          { name: 'New', value: count(created) },
          { name: 'Changed', value: count(changed) },
          { name: 'Here already', value: count(unchanged) },
          { name: 'Left out', value: count(skipped) },
          { name: 'Refused', value: count(refused) },
        ]}
      />
      <div class="acts section">
        {dryRun && changes > 0 && (
          <button type="button" class="primary" aria-disabled={busy} onClick={() => void model.bring()}>
            Bring it in
          </button>
        )}
        <button type="button" onClick={model.again}>
          Another file
        </button>
      </div>
      {totals.length > 0 && (
        <Section title="What the commissions come to" text="Hold it against what the other system shows.">
          <Figures
            figures={totals.flatMap(({ currency, pending, approved, held, paid }) => [
              { name: 'Pending', value: <Money minor={pending} currency={currency} /> },
              { name: 'Approved', value: <Money minor={approved} currency={currency} /> },
              { name: 'Held', value: <Money minor={held} currency={currency} /> },
              { name: 'Paid', value: <Money minor={paid} currency={currency} /> },
            ])}
          />
        </Section>
      )}
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
            {lines.map(({ line, noun, key, outcome, message }) => (
              <tr key={`${line} ${noun} ${key}`}>
                <td class="quiet">{line}</td>
                <td>
                  {noun.replaceAll('_', ' ')} {key}
                </td>
                <td>
                  <Badge tone={outcomeNames[outcome][0]}>{outcomeNames[outcome][1]}</Badge>
                </td>
                <td class="quiet">{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {lines.length < created + changed + unchanged + skipped + refused && (
          <p class="hint">What is refused and left out comes first. Of what is well, a part is shown.</p>
        )}
      </Section>
    </>
  )
}
