import type { Api } from './api.ts'
import { run } from './index.ts'

// The snippet as a part of an app's own bundle: the same code as the tag's, which is told here what a tag says in its
// attributes.

export type { Api }

/** What the tag's attributes say. */
export type Settings = {
  /** Your Mislata server, such as `https://partners.example.com`, or `/` where your site passes its paths on to it. */
  api: string
  /** The program's publishable key; may be left out where the server has only one program. */
  key?: string
  /** Where the code stands in the address, the first that has a value counts. `ref` where nothing is said. */
  params?: string[]
  /** `first`: a code stays for as long as its cookie. `last`, the default: each new code takes over. */
  attribution?: 'first' | 'last'
  /** `required`: nothing is kept or told before `consent(true)`. */
  consent?: 'required'
  /** How long the cookie lasts until the server has answered. 30 where nothing is said. */
  days?: number
  /** The cookie's domain; found by itself where nothing is said. */
  domain?: string
  /** `auto`: every form that is sent carries the click. */
  forms?: 'auto'
  /** Takes the code out of the address once it is kept. */
  cleanUrl?: boolean
  /** `auto`: Stripe's payment links, pricing tables and buy buttons carry the click. */
  stripe?: 'auto'
  /** Your sites: links between them carry the click. */
  linkDomains?: string[]
}

let mounted = false

/**
 * Starts the snippet, once for each page that is loaded, and says nothing of what fails. Where there is no page, as on a
 * server that renders one, it does nothing.
 */
export function mount({ api, cleanUrl, ...said }: Settings): void {
  if (typeof document === 'undefined' || mounted) return
  mounted = true
  const given = Object.entries({ ...said, cleanUrl: cleanUrl ? '' : undefined })
  const kept = given.filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, String(value)])
  try {
    const server = new URL(api, document.baseURI).href.replace(/\/$/, '')
    run({ src: document.baseURI, dataset: { ...Object.fromEntries(kept), api: server } })
  } catch {}
}

/** Calls back with the snippet's API: at once, or when it has been started. Never on a server. */
export function ready(fn: (api: Api) => void): void {
  if (typeof document === 'undefined') return
  // A page may have something else by that name.
  if (!self.mislata) self.mislata = []
  self.mislata.push?.(fn)
}
