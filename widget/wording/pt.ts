import { sentences as start } from './pt/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./pt/account.ts'),
  dashboard: () => import('./pt/dashboard.ts'),
  sections: () => import('./pt/sections.ts'),
  refer: () => import('./pt/refer.ts'),
}
