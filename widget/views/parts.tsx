import type { ComponentChildren } from 'preact'
import type { Failure } from '../failure.ts'
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
    <h2 part="title" tabIndex={-1}>
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

export function FormSkeleton({ label }: { label: string }) {
  return (
    <Skeleton
      label={label}
      shapes={['title', 'line', 'label', 'field', 'label', 'field', 'label', 'field', 'label', 'area', 'field']}
    />
  )
}

export function StatusSkeleton({ label }: { label: string }) {
  return <Skeleton label={label} shapes={['word', 'title', 'line', 'line']} />
}

export function DashboardSkeleton({ label }: { label: string }) {
  return (
    <Skeleton
      label={label}
      shapes={['title', 'line', 'strip', 'field', 'figures', 'word', 'plot', 'word', 'row', 'row', 'row', 'row', 'row']}
    />
  )
}

export function ReferSkeleton({ label }: { label: string }) {
  return <Skeleton label={label} shapes={['title', 'line', 'field', 'box', 'figures', 'word', 'row', 'row', 'row']} />
}

// Grey shapes in the places of what comes: nothing jumps when it does.
export function Skeleton({ label, shapes }: { label: string; shapes: string[] }) {
  return (
    <div class="skeleton" aria-busy="true" role="status">
      <span class="hidden">{label}</span>
      {shapes.map((shape, index) => (
        <i class={shape} key={index} />
      ))}
    </div>
  )
}
