import { sentences as start } from './es/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./es/account.ts'),
  dashboard: () => import('./es/dashboard.ts'),
  sections: () => import('./es/sections.ts'),
  refer: () => import('./es/refer.ts'),
}
