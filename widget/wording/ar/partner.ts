import { sentences as account } from './account.ts'
import { sentences as dashboard } from './dashboard.ts'
import { sentences as sections } from './sections.ts'

export const sentences = { ...account, ...dashboard, ...sections }
