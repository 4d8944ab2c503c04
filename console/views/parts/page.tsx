import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Failure, told } from '../../failure.ts'
import type { One } from '../../models/one.ts'
import { place } from '../../models/place.ts'

type HeaderProps = {
  title: string
  /** One quiet line below. */
  text?: ComponentChildren
  /** Where the page belongs to, above the title. */
  up?: { href: string; name: string }
  /** Buttons and links at the end of the line; one of them may be primary. */
  children?: ComponentChildren
}

/** What a page is about. It takes the focus when somebody has gone to it, so that a screen reader says where they are. */
export function Header({ title, text, up, children }: HeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (place.peek().turn === 'push' && !document.querySelector('dialog[open]')) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <header class="header">
      <div>
        {up && (
          <a class="up" href={up.href}>
            {up.name}
          </a>
        )}
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {text && <p class="muted">{text}</p>}
      </div>
      {children && <div class="acts">{children}</div>}
    </header>
  )
}

type SectionProps = { title: string; text?: ComponentChildren; acts?: ComponentChildren; children: ComponentChildren }

/** A part of a page with a heading of its own. */
export function Section({ title, text, acts, children }: SectionProps) {
  return (
    <section class="section">
      <div class="heading">
        <h2>{title}</h2>
        {acts && <div class="acts">{acts}</div>}
      </div>
      {text && <p class="muted">{text}</p>}
      {children}
    </section>
  )
}

/** What stood in the way of showing something, in its place. */
export function Failed({ failure, retry, children }: { failure: Failure; retry?: () => void; children?: ComponentChildren }) {
  const { title, text } = told(failure)
  return (
    <div class="nothing" role="alert">
      <strong>{title}</strong>
      <p>{text}</p>
      <div class="acts">
        {retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
        {children}
      </div>
    </div>
  )
}

/** A place where nothing is yet: what would fill it, and the first step if there is one. */
export function Nothing({ title, text, children }: { title: string; text?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <div class="nothing">
      <strong>{title}</strong>
      {text && <p>{text}</p>}
      {children && <div class="acts">{children}</div>}
    </div>
  )
}

const SHAPES = {
  page: ['title', 'line', 'box', 'row', 'row', 'row', 'row'],
  rows: ['row', 'row', 'row', 'row', 'row', 'row', 'row', 'row'],
  facts: ['title', 'line', 'line', 'line', 'box'],
  text: ['line', 'line'],
}

/** Grey shapes in the places of what comes. */
export function Skeleton({ shape = 'rows' }: { shape?: keyof typeof SHAPES }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">Loading</span>
      {SHAPES[shape].map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have nothing else to be known by, and stay in their places
        <i class={each} key={at} />
      ))}
    </div>
  )
}

/** One thing of the server's as it is there, on its way, or refused. */
export function Loaded<T>({
  one,
  shape,
  children,
}: {
  one: One<T>
  shape?: keyof typeof SHAPES
  children: (value: T) => ComponentChildren
}) {
  if (one.failure.value && !one.value.value) return <Failed failure={one.failure.value} retry={one.load} />
  if (!one.value.value) return <Skeleton shape={shape ?? 'facts'} />
  return <>{children(one.value.value)}</>
}

export type Tone = 'good' | 'waiting' | 'bad' | 'quiet'

/** A state: a dot with a word, never a colour alone. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`state ${tone}`}>{children}</span>
}

/** What is known of something, name by name; what is nothing is left out. */
export function Facts({ facts, wide }: { facts: [name: string, value: ComponentChildren][]; wide?: boolean }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
  return (
    <dl class={wide ? 'facts wide' : 'facts'}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export type Figure = { name: string; value: ComponentChildren; note?: ComponentChildren; href?: string }

/** The few figures that a page is about, side by side. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note, href }) => (
        <div key={name}>
          <dt>{href ? <a href={href}>{name}</a> : name}</dt>
          <dd class="figure">{value}</dd>
          {note && <dd>{note}</dd>}
        </div>
      ))}
    </dl>
  )
}

type Tab = { name: string; href: string; current: boolean; number?: number }

/** Parts of one page, each with an address. */
export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ name, href, current, number }) => (
        <a key={href} href={href} data-keep data-replace aria-current={current ? 'page' : undefined}>
          {name}
          {number !== undefined && <span class="muted"> {number}</span>}
        </a>
      ))}
    </nav>
  )
}

/** How far something long has come, in words and as a bar. Without `of` it is under way, and nobody knows how long. */
export function Progress({ label, done, of }: { label: string; done?: number; of?: number }) {
  return (
    <div class="progress">
      <span role="status">{of === undefined ? `${label} …` : `${label}: ${done ?? 0} of ${of}`}</span>
      <progress aria-label={label} max={of} value={of === undefined ? undefined : (done ?? 0)} />
    </div>
  )
}

/** Something to know before going on. */
export function Note({ tone = 'quiet', children }: { tone?: Tone; children: ComponentChildren }) {
  return <div class={`note ${tone}`}>{children}</div>
}
