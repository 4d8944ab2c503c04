import { sentences as start } from './fr/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./fr/account.ts'),
  dashboard: () => import('./fr/dashboard.ts'),
  sections: () => import('./fr/sections.ts'),
  refer: () => import('./fr/refer.ts'),
}
