import { type ComponentChildren, createContext } from 'preact'
import { useContext, useId } from 'preact/hooks'
import { told } from '../../failure.ts'
import type { Acts, Answers } from '../../models/acts.ts'

type Around = { acts: Acts; act: string }
const InForm = createContext<Around | undefined>(undefined)

export type { Answers }

type FormProps = Around & {
  /** What the button says. */
  verb: string
  primary?: boolean
  danger?: boolean
  /** What was answered: text fields trimmed, a checked box as `on`. True once it is done. */
  send: (answers: Answers) => Promise<unknown>
  /** Empties the form once it is done. */
  resets?: boolean
  /** Leaves without doing it. */
  cancel?: () => void
  children: ComponentChildren
}

/** A form of fields. What the server has against one of them stands below it; anything else, above the button. */
export function Form({ acts, act, verb, primary, danger, send, resets, cancel, children }: FormProps) {
  const submit = async (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    // What is not shown as typed is not trimmed either.
    const isSecret = (name: string) => form.querySelector(`[name="${CSS.escape(name)}"]`)?.getAttribute('type') === 'password'
    const entries = [...new FormData(form)].map(([name, value]) => [name, isSecret(name) ? String(value) : String(value).trim()])
    const done = await send(Object.fromEntries(entries))
    if (done && resets) form.reset()
    if (!done) form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }
  const busy = acts.doing.value === act
  return (
    <InForm.Provider value={{ acts, act }}>
      <form class="form" onSubmit={submit}>
        {children}
        <Refusal acts={acts} act={act} />
        <div class="acts">
          <button type="submit" class={danger ? 'danger' : primary ? 'primary' : ''} aria-disabled={busy}>
            {busy ? `${verb} …` : verb}
          </button>
          {cancel && (
            <button type="button" onClick={cancel}>
              Cancel
            </button>
          )}
        </div>
      </form>
    </InForm.Provider>
  )
}

// The failure is the last act's, and only one act of a form's acts is under way at a time.
function Refusal({ acts }: Around) {
  const failure = acts.failure.value
  if (!failure || failure.fields.some(field => field.path)) return null
  const { title, text } = told(failure)
  return (
    <p class="fault" role="alert">
      {title}. {text}
    </p>
  )
}

type FieldProps = {
  name: string
  label: string
  kind?: 'text' | 'email' | 'url' | 'password' | 'number' | 'date' | 'datetime-local' | 'area' | 'search'
  /** What it begins with. */
  value?: string | number | null
  hint?: ComponentChildren
  required?: boolean
  max?: number
  rows?: number
  placeholder?: string
  autocomplete?: string
  /** What stands behind it, such as % or a currency. */
  unit?: string
  step?: string
  min?: number
}

/** One answer. Required unless it says otherwise. */
export function Field(props: FieldProps) {
  const { name, label, kind = 'text', value, hint, required = true, max, rows = 3, unit } = props
  const around = useField(name, hint)
  const shared = {
    id: around.id,
    name,
    required,
    placeholder: props.placeholder,
    maxLength: max,
    defaultValue: value ?? '',
    autocomplete: props.autocomplete ?? 'off',
    'aria-invalid': around.fault ? true : undefined,
    'aria-describedby': around.describedBy,
  } as const
  return (
    <div class="field">
      <label for={around.id}>
        {label} {!required && <span class="optional">optional</span>}
      </label>
      {kind === 'area' ? (
        <textarea {...shared} rows={rows} />
      ) : unit ? (
        <span class="unit">
          <input {...shared} type={kind as 'text'} step={props.step ?? (kind === 'number' ? 'any' : undefined)} min={props.min} />
          <span>{unit}</span>
        </span>
      ) : (
        <input {...shared} type={kind as 'text'} step={props.step ?? (kind === 'number' ? 'any' : undefined)} min={props.min} />
      )}
      {around.below}
    </div>
  )
}

type Option = readonly [value: string, name: string]
type ChoiceProps = {
  name: string
  label: string
  options: readonly Option[]
  value?: string | null
  hint?: ComponentChildren
  /** Told at once of what is chosen, where something else on the page depends on it. */
  change?: (value: string) => void
}

/** One of a few. */
export function Choice({ name, label, options, value, hint, change }: ChoiceProps) {
  const around = useField(name, hint)
  return (
    <div class="field">
      <label for={around.id}>{label}</label>
      <select
        id={around.id}
        name={name}
        aria-invalid={around.fault ? true : undefined}
        aria-describedby={around.describedBy}
        onChange={change && (event => change(event.currentTarget.value))}
      >
        {options.map(([each, text]) => (
          // As an attribute, so that a form that is emptied begins with it again.
          <option
            key={each}
            value={each}
            selected={each === value}
            ref={own => void own?.toggleAttribute('selected', each === value)}
          >
            {text}
          </option>
        ))}
      </select>
      {around.below}
    </div>
  )
}

/** Yes or no. Its answer is `on`, or nothing. */
export function Check({
  name,
  label,
  checked,
  hint,
}: {
  name: string
  label: string
  checked?: boolean
  hint?: ComponentChildren
}) {
  const around = useField(name, hint)
  return (
    <div class="field check">
      <input id={around.id} name={name} type="checkbox" defaultChecked={checked} aria-describedby={around.describedBy} />
      <label for={around.id}>{label}</label>
      {around.below}
    </div>
  )
}

function useField(name: string, hint: ComponentChildren) {
  const id = useId()
  const form = useContext(InForm)
  // The server names a field of a field with a dot.
  const fault = form?.acts.failure.value?.fields.find(({ path }) => path === name)?.message
  const describedBy = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined
  const below = (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </>
  )
  return { id, fault, describedBy, below }
}
