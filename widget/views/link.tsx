import type { ComponentChildren } from 'preact'
import { Failure } from '../failure.ts'
import type { Picture, Sharing } from '../models/sharing.ts'
import { type Speech, sentenceFor } from '../speech.ts'
import type { Groups } from '../wording/wording.ts'

export type ShareWords = Speech<Groups['start'] & Groups['account']>
type Row = {
  sharing: Sharing
  words: ShareWords
  link: string
  code: string
  label: string
  primary?: boolean
  title?: string
  children?: ComponentChildren
}

/** A link with what can be done with it. `title` is what another app is told of it. */
export function LinkRow({ sharing, words, link, code, label, primary, title, children }: Row) {
  const { say } = words
  const copying = sharing.copying.value?.link === link ? sharing.copying.value : undefined
  const isOpen = sharing.open.value === code
  return (
    <div class="link" part="link-row">
      <input readonly value={link} aria-label={label} dir="ltr" part="input" onFocus={select} />
      <div class="acts">
        <button type="button" class={primary ? 'primary' : ''} part="button" onClick={event => copy(event, link, sharing)}>
          {copying && !copying.byHand ? say.copied : say.copyLink}
        </button>
        {canShare() && (
          <button type="button" part="button" onClick={event => share(event, { url: link, title }, sharing)}>
            {say.share}
          </button>
        )}
        <button type="button" part="button" aria-expanded={isOpen} onClick={() => sharing.toggle(code)}>
          {say.picture}
        </button>
        {children}
      </div>
      <span role="status" class={copying?.byHand ? 'by-hand' : 'hidden'}>
        {copying ? (copying.byHand ? say.copyByHand : say.copied) : ''}
      </span>
      {isOpen && (
        <Drawing picture={sharing.pictures.value[code]} retry={() => sharing.retry(code)} link={link} words={words} code={code} />
      )}
    </div>
  )
}

type Drawn = { picture: Picture | Failure | undefined; retry: () => void; link: string; code: string; words: ShareWords }

function Drawing({ picture, retry, link, code, words }: Drawn) {
  const { say, fill } = words
  if (picture instanceof Failure)
    return (
      <p class="by-hand" role="alert">
        {sentenceFor(picture, words)}{' '}
        <button type="button" class="plain" onClick={retry}>
          {say.retry}
        </button>
      </p>
    )
  const size = picture?.size ?? 1
  return (
    <div class="qr" part="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={fill(say.pictureOf, { link })} aria-busy={!picture}>
        <path d={picture?.path ?? ''} />
      </svg>
      <div>
        <p>{say.pictureText}</p>
        <button type="button" class="plain" disabled={!picture} onClick={() => picture && save(picture, code)}>
          {say.pictureSave}
        </button>
      </div>
    </div>
  )
}

/** Copies in place. A page without a secure origin, or a frame without leave, has no clipboard: the text is selected instead. */
export async function copy(event: Event, link: string, sharing: Sharing) {
  const button = event.currentTarget as HTMLElement
  try {
    await navigator.clipboard.writeText(link)
    sharing.copied(link, false)
  } catch {
    const near = button.closest('.link') ?? (button.getRootNode() as ShadowRoot)
    const input = near.querySelector<HTMLInputElement>('.link input, input')
    input?.focus()
    input?.select()
    sharing.copied(link, !document.execCommand('copy'))
  }
}

const canShare = () => typeof navigator.share === 'function'

async function share(event: Event, what: { url: string; title: string | undefined }, sharing: Sharing) {
  const button = { currentTarget: event.currentTarget } as Event
  try {
    await navigator.share({ url: what.url, ...(what.title && { title: what.title }) })
  } catch (error) {
    // Closing the sheet is an answer too. Where there is none to open, as in some frames, the link is copied.
    if ((error as Error).name !== 'AbortError') await copy(button, what.url, sharing)
  }
}

function save({ svg }: Picture, code: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  link.download = `${code}.svg`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

function select({ currentTarget }: Event) {
  ;(currentTarget as HTMLInputElement).select()
}
