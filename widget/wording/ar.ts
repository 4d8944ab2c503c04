import { sentences as start } from './ar/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./ar/account.ts'),
  dashboard: () => import('./ar/dashboard.ts'),
  sections: () => import('./ar/sections.ts'),
  refer: () => import('./ar/refer.ts'),
}
