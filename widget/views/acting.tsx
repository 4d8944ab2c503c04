import type { ComponentChildren } from 'preact'
import type { Acts } from '../models/acts.ts'
import { type Says, type Speech, sentenceFor } from '../speech.ts'
import type { Groups } from '../wording/wording.ts'
import type { Sentences as OfDashboard } from './dashboard.tsx'

export type Sentences = OfDashboard & Groups['sections']
export type Words = Speech<Sentences>
type Props = { acts: Acts; act: string; words: Words }

/** What stood in the way of an act, where it was tried. */
export function Refusal({ acts, act, words }: Props) {
  const refused = acts.refused.value
  if (refused?.act !== act || refused.failure.fields.length > 0) return null
  return (
    <p class="fault" role="alert" part="error">
      {sentenceFor(refused.failure, words)}
    </p>
  )
}

type Field = {
  acts: Acts
  act: string
  words: Words
  name: string
  label: string
  kind?: 'email' | 'url' | 'area'
  required?: boolean
  max: number
  placeholder?: string
  /** What is said of it where it cannot be taken, in place of the server's own words. */
  wrong?: string | undefined
  autocomplete?: string | undefined
  onChange?: (event: Event) => void
}

/** One answer of a small form; what the server has against it stands below. */
export function Field(field: Field) {
  const { acts, act, words, name, label, kind, required = true, max, placeholder, wrong, autocomplete = 'off', onChange } = field
  const refused = acts.refused.value
  const found = refused?.act === act ? refused.failure.fields.find(field => field.path === name)?.message : undefined
  const fault = found && (wrong ?? found)
  const id = `${act}-${name}`.replaceAll(' ', '-')
  const shared = {
    id,
    name,
    required,
    placeholder,
    part: 'input',
    maxlength: max,
    onChange,
    autocomplete,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault && `${id}-fault`,
  } as const
  return (
    <div class="field">
      <label for={id} part="label">
        {label} {!required && <span>{words.say.optional}</span>}
      </label>
      {kind === 'area' ? (
        <textarea {...shared} rows={2} dir="auto" />
      ) : kind ? (
        <input {...shared} type={kind as 'email'} dir="ltr" />
      ) : (
        <input {...shared} type="text" dir="auto" />
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`} part="error">
          {fault}
        </p>
      )}
    </div>
  )
}

type Form = Props & {
  button: string
  primary?: boolean
  send: (answers: Record<string, string>) => Promise<boolean>
  /** What stands after its button. */
  beside?: ComponentChildren
  children: ComponentChildren
}

/** A small form that empties itself once it is done. */
export function Form({ acts, act, words, button, primary, send, beside, children }: Form) {
  const submit = async (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const answers = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))
    if (await send(answers)) form.reset()
    else form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }
  return (
    <form class="small-form" onSubmit={submit}>
      {children}
      <button type="submit" class={primary ? 'primary' : ''} part="button" aria-disabled={acts.doing.value === act}>
        {button}
      </button>
      {beside}
      <Refusal acts={acts} act={act} words={words} />
    </form>
  )
}

type Sure = Props & { label: string; name: string; question: string; sure: string; go: () => void }

/** A button that asks before it does what cannot be undone. */
export function Sure({ acts, act, words, label, name, question, sure, go }: Sure) {
  if (acts.asking.value !== act)
    return (
      <button type="button" class="plain quiet" part="button" aria-label={`${label}: ${name}`} onClick={() => acts.ask(act)}>
        {label}
      </button>
    )
  return (
    <fieldset class="sure" aria-label={`${label}: ${name}`}>
      <p>{question}</p>
      <div class="acts">
        <button type="button" part="button" ref={focus} aria-disabled={acts.doing.value === act} onClick={go}>
          {sure}
        </button>
        <button type="button" class="plain" part="button" onClick={() => acts.ask('')}>
          {words.say.keep}
        </button>
      </div>
      <Refusal acts={acts} act={act} words={words} />
    </fieldset>
  )
}

// The question takes the place of the button that had the focus.
const focused = new WeakSet<HTMLElement>()
export function focus(button: HTMLElement | null) {
  if (!button || focused.has(button)) return
  focused.add(button)
  button.focus()
}

// A way of paying that there is no name for is told as the programme calls it.
export const methodOf = (method: string, { say }: Words) => (say as object as Says)[`method.${method}`] ?? method
