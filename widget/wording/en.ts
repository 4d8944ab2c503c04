import { sentences as start } from './en/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./en/account.ts'),
  dashboard: () => import('./en/dashboard.ts'),
  sections: () => import('./en/sections.ts'),
  refer: () => import('./en/refer.ts'),
}
