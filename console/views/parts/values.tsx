import type { ComponentChildren } from 'preact'
import { ago, amount, day, exactly, moment, money } from '../../format.ts'
import { program, screen } from '../../models/session.ts'

/** Minor units of a currency. */
export function Money({ minor, currency }: { minor: number; currency: string }) {
  return <span class={minor < 0 ? 'money below' : 'money'}>{money(minor, currency)}</span>
}

/** A decimal amount, as some of the API's are. */
export function Amount({ value, currency }: { value: number; currency: string }) {
  return <span class={value < 0 ? 'money below' : 'money'}>{amount(value, currency)}</span>
}

/** A point in time in the program's time zone: its day, with the hour where `hour` is set, or how long ago. */
export function When({ at, hour, since }: { at: string | null | undefined; hour?: boolean; since?: boolean }) {
  if (!at) return null
  const zone = program.value?.timeZone
  return (
    <time dateTime={at} title={exactly(at, zone)}>
      {since ? ago(at) : hour ? moment(at, zone) : day(at, zone)}
    </time>
  )
}

/** A link to elsewhere; only what is an address on the web becomes one. */
export function Outside({ href, children }: { href: string | null | undefined; children?: ComponentChildren }) {
  if (!href) return null
  if (!/^https?:\/\//i.test(href)) return <>{href}</>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children ?? href.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '')}
      <span class="hidden"> (opens elsewhere)</span>
    </a>
  )
}

/** A partner by name, leading to the profile. */
export function PartnerLink({ id, name }: { id: string; name?: string | null }) {
  return <a href={screen(`partners/${id}`)}>{name || id}</a>
}

/** An id as it stands in the API. */
export function Id({ children }: { children: string | null | undefined }) {
  return children ? <code class="id">{children}</code> : null
}
