import type { ComponentChildren } from 'preact'

/** A figure with its name, and with what explains it below. */
export function Figure({ name, value, children }: { name: string; value: string; children: ComponentChildren }) {
  return (
    <div part="figure">
      <dt>{name}</dt>
      <dd class={value.length > 11 ? 'long' : undefined}>{value}</dd>
      <dd>{children}</dd>
    </div>
  )
}
