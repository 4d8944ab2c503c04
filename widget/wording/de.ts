import { sentences as start } from './de/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./de/partner.ts'),
  customer: () => import('./de/customer.ts'),
}
