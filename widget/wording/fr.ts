import { sentences as start } from './fr/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./fr/partner.ts'),
  customer: () => import('./fr/customer.ts'),
}
