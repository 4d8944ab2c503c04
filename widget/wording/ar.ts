import { sentences as start } from './ar/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./ar/partner.ts'),
  customer: () => import('./ar/customer.ts'),
}
