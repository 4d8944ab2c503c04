import type { ComponentChildren } from 'preact'

/** A figure with its name, and with what explains it below. */
export function Figure({ name, value, children }: { name: string; value: string; children: ComponentChildren }) {
  return (
    <div part="figure">
      <dt>{name}</dt>
      <dd class={value.length > 11 ? 'long' : value.length > 7 ? 'some' : undefined}>{value}</dd>
      <dd>{children}</dd>
    </div>
  )
}

/** What stands on one line with dots between, or on several without one at their ends. */
export function Dots({ children }: { children: ComponentChildren[] }) {
  return (
    <span class="dots">
      <span>{Object.entries(children).map(([place, child]) => [<span key={place}>{child}</span>, ' '])}</span>
    </span>
  )
}
