import type { ComponentChildren } from 'preact'
import type { Failure } from '../failure.ts'
import { completeAddress } from '../models/address.ts'
import { type Speech, told } from '../speech.ts'

export type Tone = 'good' | 'waiting' | 'bad' | 'quiet'

/** A state: a dot with a word, never a colour alone. */
export function State({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`state ${tone}`} part="state">
      <bdi>{children}</bdi>
    </span>
  )
}

/** A heading that takes the focus when the view under somebody's hands has changed. */
export function Title({ children }: { children: ComponentChildren }) {
  return (
    <h2 part="title" tabindex={-1}>
      {children}
    </h2>
  )
}

export function Failed({ failure, retry, words }: { failure: Failure; retry: () => void; words: Speech }) {
  const { title = words.say.failedTitle, text } = told(failure, words)
  return (
    <section class="standing" role="alert">
      <Title>{title}</Title>
      <p>{text}</p>
      <button type="button" part="button" onClick={retry}>
        {words.say.retry}
      </button>
    </section>
  )
}

// There is none as long as nobody knows in which language.
type Label = { label: string | undefined }

// Grey shapes in the places of what comes: nothing jumps when it does.
const skeleton =
  (shapes: string) =>
  ({ label }: Label) => (
    <div class="skeleton" aria-busy="true" role="status">
      <span class="hidden">{label}</span>
      {Object.entries(shapes.split(' ')).map(([place, shape]) => (
        <i class={shape} key={place} />
      ))}
    </div>
  )

export const FormSkeleton = skeleton('title line label field label field label field label area field')
export const StatusSkeleton = skeleton('word title line line')
export const DashboardSkeleton = skeleton('title line strip field figures word plot word row row row row row')
export const ReferSkeleton = skeleton('title line field box figures word row row row')
export const RowsSkeleton = skeleton('word row row row row')

/** Completes an address once somebody has written one. */
export function complete({ currentTarget }: Event) {
  const input = currentTarget as HTMLInputElement
  input.value = completeAddress(input.value)
}
