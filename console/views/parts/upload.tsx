import { useId, useState } from 'preact/hooks'

type Props = {
  label: string
  hint?: string
  /** Endings and kinds that the chooser offers. */
  accept: string
  busy?: boolean
  /** The one that was given, where it waits for something else to be answered. */
  given?: File | undefined
  /** Given by the chooser, or dropped. */
  give: (file: File) => void
}

/** A place to drop a file, or to choose one. */
export function Upload({ label, hint, accept, busy, given, give }: Props) {
  const id = useId()
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file && !busy) give(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the field in it is the one for everybody
    <div
      class={over ? 'upload over' : 'upload'}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        class={given ? 'given' : undefined}
        accept={accept}
        aria-describedby={hint && `${id}-hint`}
        onChange={event => {
          take(event.currentTarget.files)
          // The same file, changed, may be given again.
          event.currentTarget.value = ''
        }}
      />
      {given && (
        <p class="given" role="status">
          {given.name}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
