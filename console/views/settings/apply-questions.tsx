import { useState } from 'preact/hooks'
import type { Answers } from '../../models/acts.ts'
import { useActs } from '../../models/acts.ts'
import { may } from '../../models/session.ts'
import { type Settings, save } from '../../models/settings.ts'
import { Check, Choice, Field, Form } from '../parts/form.tsx'
import { Nothing } from '../parts/page.tsx'

type Question = Settings['brand']['applyFields'][number]
type Row = { key: number; question: Question }
type Props = { settings: Settings; saved: (settings: Settings) => void }

const empty: Question = { name: '', label: '', type: 'text', required: false, options: [] }

/** What the application form asks besides name, address and reason. */
export function ApplyQuestions({ settings, saved }: Props) {
  const acts = useActs()
  const [rows, setRows] = useState<Row[]>(() => settings.brand.applyFields.map((question, key) => ({ key, question })))
  const add = () => setRows(rows => [...rows, { key: Math.max(-1, ...rows.map(each => each.key)) + 1, question: empty }])
  const canChange = may.manage.value
  if (!canChange && !rows.length) return <Nothing title="The form asks nothing besides the usual" />
  if (!canChange)
    return (
      <ol class="means">
        {rows.map(({ key, question }) => (
          <li key={key}>
            {question.label}
            {question.required && ' (required)'}
          </li>
        ))}
      </ol>
    )
  return (
    <div class="narrow">
      <p class="muted lead">
        What the application form asks besides name, address, website and reason. You see the answers with each application.
      </p>
      <Form
        acts={acts}
        act="save"
        verb="Save"
        primary
        send={answers =>
          acts.run('save', async () => saved(await saveQuestions(rows, answers)), {
            done: 'Saved',
          })
        }
      >
        {rows.map(({ key, question }, at) => (
          <fieldset class="question form" key={key}>
            <legend>Question {at + 1}</legend>
            <Field name={`brand.applyFields.${at}.label`} label="What it asks" value={question.label} max={120} />
            <div class="pair">
              <Choice
                name={`brand.applyFields.${at}.type`}
                label="Answered by"
                value={question.type}
                options={[
                  ['text', 'A line'],
                  ['textarea', 'Several lines'],
                  ['select', 'One of a few'],
                  ['url', 'A web address'],
                ]}
              />
              <Field
                name={`brand.applyFields.${at}.name`}
                label="Name in the API"
                required={false}
                value={question.name}
                max={40}
                hint="Left empty, it is made of the question."
              />
            </div>
            <Field
              name={`brand.applyFields.${at}.options`}
              label="Choices"
              kind="area"
              required={false}
              value={question.options.join('\n')}
              hint="One a line, where one of a few is the answer."
            />
            <Check name={`brand.applyFields.${at}.required`} label="It has to be answered" checked={question.required} />
            <div class="acts">
              <button type="button" class="small" onClick={() => setRows(rows => rows.filter(each => each.key !== key))}>
                Remove question {at + 1}
              </button>
            </div>
          </fieldset>
        ))}
        {!rows.length && <p class="muted">It asks nothing else yet.</p>}
        <div class="acts">
          <button type="button" onClick={add} disabled={rows.length >= 20}>
            Add a question
          </button>
        </div>
      </Form>
    </div>
  )
}

function saveQuestions(rows: Row[], answers: Answers) {
  const applyFields = rows.map((row, at) => questionOf(row, at, answers))
  const lists = rows.map((_, at) => ({ path: `brand.applyFields.${at}.options` }))
  return save({ brand: { applyFields } }, lists)
}

function questionOf({ key }: Row, at: number, answers: Answers) {
  const answer = (name: string) => answers[`brand.applyFields.${at}.${name}`] ?? ''
  const options = answer('options')
    .split('\n')
    .flatMap(line => line.trim() || [])
  const name = answer('name') || nameOf(answer('label')) || `question${key + 1}`
  return { name, label: answer('label'), type: answer('type'), required: answer('required') === 'on', options }
}

/** "How big is your list?" is `howBigIsYourList`. */
function nameOf(label: string) {
  const words = label
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9 ]/g, '')
    .toLowerCase()
    .split(' ')
    .filter(Boolean)
  const name = words.map((word, at) => (at ? word.charAt(0).toUpperCase() + word.slice(1) : word)).join('')
  return /^[a-z]/.test(name) ? name.slice(0, 40) : ''
}
