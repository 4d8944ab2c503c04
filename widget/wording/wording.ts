import type { en } from './en.ts'
import type { enDashboard } from './en-dashboard.ts'

/** Every sentence that the elements can show. */
export type Wording = typeof en & typeof enDashboard
