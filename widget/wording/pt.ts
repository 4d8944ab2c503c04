import { sentences as start } from './pt/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./pt/partner.ts'),
  customer: () => import('./pt/customer.ts'),
}
