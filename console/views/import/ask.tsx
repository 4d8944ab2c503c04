import type { ImportSource } from '../../../server/contract/import.ts'
import type { Importing } from '../../models/import.ts'
import { kinds, sources } from '../../models/import-sources.ts'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Badge } from '../parts/page.tsx'
import { Upload } from '../parts/upload.tsx'

const options = Object.entries(sources).map(([source, { name }]) => [source, name] as const)

/** Which file, of what system. */
export function Ask({ model }: { model: Importing }) {
  return (
    <div class="narrow">
      <Form acts={model.acts} act="look" verb="Look at every line" primary send={model.look}>
        <Choice
          name="from"
          label="It comes from"
          options={options}
          value={model.from.value}
          change={source => {
            model.from.value = source as ImportSource
          }}
        />
        <Steps model={model} />
        <Upload
          label="The file"
          hint="Drop it here, or choose it. CSV, JSON, or one JSON object a line; 1 GB at most."
          accept=".csv,.txt,.json,.ndjson,text/csv,application/json,application/x-ndjson"
          given={model.file.value}
          give={given => {
            model.file.value = given
          }}
        />
        {model.from.value !== 'mislata' && <Reading model={model} />}
        <p class="hint">Nothing is changed yet: you see line by line what would be.</p>
      </Form>
    </div>
  )
}

/** Which files there are to bring, in which order, and which of them have been. */
function Steps({ model }: { model: Importing }) {
  const { name, calls } = sources[model.from.value]
  if (!calls)
    return (
      <p class="muted">
        All of a program, in one file, as “Download everything” writes it on the other server. This program has to be empty:
        nothing may have happened in it yet.
      </p>
    )
  const theirs = model.from.value === 'csv' ? undefined : calls
  return (
    <div class="steps">
      <p class="muted">
        {theirs
          ? `Export the ${theirs[0]}, the ${theirs[1]} and the ${theirs[2]} in ${name}, each as a file of its own, and bring them in this order:`
          : 'One file for each, in this order:'}
      </p>
      <ol>
        {kinds.map(({ kind, name, holds }) => (
          <li key={kind}>
            <strong>{name}</strong>: {holds}
            {model.brought.value.has(kind) && (
              <>
                {' '}
                <Badge tone="good">Brought in</Badge>
              </>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** What cannot be seen from the file itself. Opened by itself for files whose columns nobody knows beforehand. */
function Reading({ model }: { model: Importing }) {
  const isOwn = model.from.value === 'csv'
  return (
    <details class="more" key={model.from.value} open={isOwn}>
      <summary>How to read it, where that is not clear</summary>
      <div class="form">
        <div class="pair">
          <Choice
            name="kind"
            label="It holds"
            options={[['', 'Found out by its columns'], ...kinds.map(({ kind, name }) => [kind, name] as const)]}
          />
          <Field
            name="currency"
            label="Currency, where a line names none"
            required={false}
            max={3}
            placeholder="As the program"
          />
        </div>
        <div class="pair">
          <Choice
            name="amounts"
            label="Amounts"
            options={
              [
                ['', isOwn ? '12.50' : 'As that system writes them'],
                ['major', '12.50'],
                ['minor', '1250 for 12.50'],
              ].slice(isOwn ? 1 : 0) as [string, string][]
            }
          />
          <Choice
            name="dates"
            label="Dates such as 3/4/2026"
            options={[
              ['', 'Are not there'],
              ['dmy', 'Day before month'],
              ['mdy', 'Month before day'],
            ]}
          />
        </div>
        <Field
          name="columns"
          label="Columns"
          kind="area"
          rows={5}
          required={false}
          hint="One a line: our name for it, and what your file calls it, such as  email = E-mail address.  Left empty, they are known by their names."
        />
        <Fields />
        <Field
          name="statuses"
          label="Words for states"
          kind="area"
          required={false}
          hint="One a line: your file's word, and what it means, such as  bezahlt = paid.  It may mean active, invited or deactivated; pending, approved, paid, held or rejected; or skip, to leave the line out."
        />
      </div>
    </details>
  )
}

const fields = [
  [
    'Partners',
    'email; id, firstName, lastName, name, company, website, status, createdAt, code, codes, payoutMethod, payoutEmail, commissionPct',
  ],
  [
    'Referrals',
    'partnerId or partnerEmail or partnerCode; customerId or stripeCustomerId or customerEmail; customerName, createdAt, convertedAt',
  ],
  [
    'Commissions',
    'id or saleId; amount, occurredAt; partner and customer as above; currency, status, availableAt, paidAt, payoutReference, saleAmount',
  ],
] as const

function Fields() {
  return (
    <details class="more">
      <summary>Our names</summary>
      <dl class="facts">
        {fields.map(([name, words]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
