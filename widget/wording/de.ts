import { sentences as start } from './de/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./de/account.ts'),
  dashboard: () => import('./de/dashboard.ts'),
  sections: () => import('./de/sections.ts'),
  refer: () => import('./de/refer.ts'),
}
