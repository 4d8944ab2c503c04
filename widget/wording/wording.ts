import type { en } from './en.ts'
import type { enDashboard } from './en-dashboard.ts'
import type { enRefer } from './en-refer.ts'
import type { enSections } from './en-sections.ts'
import type { enShare } from './en-share.ts'

/** Every sentence that the elements can show. */
export type Wording = typeof en & typeof enShare & typeof enDashboard & typeof enSections & typeof enRefer
