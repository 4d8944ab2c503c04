import { sentences as start } from './en/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./en/partner.ts'),
  customer: () => import('./en/customer.ts'),
}
