import { sentences as start } from './ja/start.ts'
import type { Language } from './wording.ts'

export const language: Language = {
  start,
  partner: () => import('./ja/partner.ts'),
  customer: () => import('./ja/customer.ts'),
}
