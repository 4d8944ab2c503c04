import { sentences as start } from './es/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./es/partner.ts'),
  customer: () => import('./es/customer.ts'),
}
