import { sentences as account } from './account.ts'
import { sentences as refer } from './refer.ts'

export const sentences = { ...account, ...refer }
