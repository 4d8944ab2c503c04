import type { ApplyField, Program } from '../api.ts'
import type { Answers, Application, Fault } from '../models/application.ts'
import { payOf, type Speech, sentenceFor } from '../speech.ts'
import { complete, Title } from './parts.tsx'

type Question = Omit<ApplyField, 'options'> & { options?: string[]; kind?: 'email'; autocomplete?: string; max: number }

/** The application form: the usual questions, then the program's own. */
export function ApplyForm({ program, application, words }: { program: Program; application: Application; words: Speech }) {
  const { say, fill } = words
  const { isFlat, ...pay } = payOf(program, words)
  const [beforeTerms, afterTerms] = say.terms.split('{link}')
  const own = program.brand.applyFields
  const faults = application.faults.value
  const failure = application.failure.value
  const sending = application.sending.value
  const questions: Question[] = [
    { name: 'name', label: say.name, type: 'text', required: true, autocomplete: 'name', max: 200 },
    { name: 'email', label: say.email, type: 'text', kind: 'email', required: true, autocomplete: 'email', max: 254 },
    { name: 'website', label: say.website, type: 'url', required: false, autocomplete: 'url', max: 2048 },
    { name: 'reason', label: fill(say.reason, { program: program.name }), type: 'textarea', required: false, max: 5000 },
    ...own.map(field => ({ ...field, name: `answers.${field.name}`, max: 2000 })),
  ]
  const wrong = questions.filter(({ name }) => faults[name])

  const submit = async (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    await application.submit(answersIn(form), own)
    // What needs a look comes to the person: the summary, or the one wrong answer.
    const first = form.querySelector<HTMLElement>('[role=alert]') ?? form.querySelector<HTMLElement>('[aria-invalid=true]')
    first?.focus()
  }

  return (
    <form
      class="form"
      novalidate
      onSubmit={submit}
      onInput={event => application.changed((event.target as HTMLInputElement).name)}
    >
      <header>
        <Title>{say.applyTitle}</Title>
        <p>{fill(isFlat ? say.applyLeadFlat : say.applyLead, pay)}</p>
      </header>
      {wrong.length > 1 && (
        <div class="alert" role="alert" tabindex={-1} part="error">
          <strong>{fill(say.problems, { n: wrong.length })}</strong>
          <ul>
            {wrong.map(({ name, label }) => (
              <li key={name}>
                <a href={`#${name}`} onClick={goTo}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      {questions.map(question => (
        <Field key={question.name} question={question} fault={faults[question.name]} say={say} />
      ))}
      {failure && (
        <div class="alert" role="alert" tabindex={-1} part="error">
          {sentenceFor(failure, words)}
        </div>
      )}
      <button type="submit" class="primary" part="button" aria-disabled={sending}>
        {sending ? say.applying : say.apply}
      </button>
      {program.brand.termsUrl && (
        <p class="small">
          {beforeTerms}
          <a href={program.brand.termsUrl} target="_blank" rel="noopener" part="link">
            {say.termsLink}
          </a>
          {afterTerms}
        </p>
      )}
    </form>
  )
}

function Field({ question, fault, say }: { question: Question; fault: Fault | undefined; say: Speech['say'] }) {
  const { name, label, type, kind, required, options, autocomplete, max } = question
  const shared = {
    id: name,
    name,
    required,
    part: 'input',
    autocomplete,
    maxlength: max,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault && `${name}-fault`,
  } as const
  return (
    <div class="field">
      <label for={name} part="label">
        {label} {!required && <span>{say.optional}</span>}
      </label>
      {type === 'textarea' ? (
        <textarea {...shared} rows={3} dir="auto" />
      ) : type === 'select' ? (
        <select {...shared}>
          <option value="">{say.choose}</option>
          {options?.map(option => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : type === 'url' ? (
        <input {...shared} type="url" dir="ltr" placeholder="https://" onChange={complete} />
      ) : kind ? (
        <input {...shared} type={kind} dir="ltr" />
      ) : (
        <input {...shared} type="text" dir="auto" />
      )}
      {fault && (
        <p class="fault" id={`${name}-fault`} part="error">
          {'says' in fault ? say[fault.says] : fault.text}
        </p>
      )}
    </div>
  )
}

function answersIn(form: HTMLFormElement): Answers {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))
}

// A fragment does not reach into a shadow root.
function goTo(event: Event) {
  event.preventDefault()
  const link = event.currentTarget as HTMLAnchorElement
  ;(link.getRootNode() as ShadowRoot).getElementById(link.hash.slice(1))?.focus()
}
