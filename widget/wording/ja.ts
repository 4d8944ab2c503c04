import { sentences as start } from './ja/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  account: () => import('./ja/account.ts'),
  dashboard: () => import('./ja/dashboard.ts'),
  sections: () => import('./ja/sections.ts'),
  refer: () => import('./ja/refer.ts'),
}
