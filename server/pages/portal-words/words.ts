import type { en } from './en.ts'

/** What the portal's own pages say. `{name}` stands for a value. */
export type PortalWords = { [Name in keyof typeof en]: string }
