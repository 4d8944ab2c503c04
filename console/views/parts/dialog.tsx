import type { ComponentChildren } from 'preact'
import { useEffect, useId, useMemo, useRef } from 'preact/hooks'
import { acts } from '../../models/acts.ts'
import { asking, type Question, saying, unsay } from '../../models/telling.ts'
import { Field, Form } from './form.tsx'

/** The one question that may stand before somebody; see `askFirst`. */
export function Asking() {
  const question = asking.value
  return question ? <Ask key={question.title} question={question} /> : null
}

function Ask({ question }: { question: Question & { settle: (done: boolean) => void } }) {
  const { title, text, verb, danger, answer, act, settle } = question
  const dialog = useRef<HTMLDialogElement>(null)
  const own = useMemo(acts, [])
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const close = (done: boolean) => {
    // Closed by itself first: that gives the focus back to where it was.
    dialog.current?.close()
    asking.value = undefined
    settle(done)
  }
  return (
    <dialog
      class="ask"
      ref={dialog}
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault()
        if (!own.doing.peek()) close(false)
      }}
    >
      <h2 id={id}>{title}</h2>
      {typeof text === 'string' ? <p class="muted">{text}</p> : text}
      <Form
        acts={own}
        act="ask"
        verb={verb}
        primary
        danger={danger}
        cancel={() => close(false)}
        send={async ({ answer = '' }) => {
          const done = await own.run('ask', () => act(answer))
          if (done) close(true)
          return done
        }}
      >
        {answer && (
          <Field
            name="answer"
            label={answer.label}
            hint={answer.hint}
            kind={answer.area ? 'area' : 'text'}
            required={answer.required ?? false}
            value={answer.value}
            max={answer.max}
          />
        )}
      </Form>
    </dialog>
  )
}

type DrawerProps = {
  title: ComponentChildren
  /** What it is called to a screen reader, where the title is no text. */
  label?: string
  /** Goes back to where it was opened from. */
  close: () => void
  /** Buttons at the end of the title's line. */
  acts?: ComponentChildren
  children: ComponentChildren
}

/** One thing of a list, beside the list. */
export function Drawer({ title, label, close, acts, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const own = dialog.current
    const before = document.activeElement
    own?.showModal()
    return () => {
      own?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      class="drawer"
      closedby="any"
      ref={dialog}
      aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      onCancel={event => {
        event.preventDefault()
        close()
      }}
    >
      <div class="inside">
        <div class="heading">
          <h2>{title}</h2>
          <div class="acts">
            {acts}
            <button type="button" class="small" onClick={close}>
              Close
            </button>
          </div>
        </div>
        {children}
      </div>
    </dialog>
  )
}

/** What was said of things done, in the corner. */
export function Corner() {
  return (
    <div class="corner" role="status" popover="manual" ref={shown}>
      {saying.value.map(({ id, text, tone }) => (
        <div class={`said ${tone}`} key={id}>
          <p>{text}</p>
          <button type="button" class="plain" aria-label={`OK: put away “${text}”`} onClick={() => unsay(id)}>
            OK
          </button>
        </div>
      ))}
    </div>
  )
}

// In the top layer, so that it is seen over an open drawer: shown anew whenever there is something to say.
function shown(corner: HTMLElement | null) {
  if (!corner) return
  saying.subscribe(said => {
    if (corner.matches(':popover-open')) corner.hidePopover()
    if (said.length) corner.showPopover()
  })
}
