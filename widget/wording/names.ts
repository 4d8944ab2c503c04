import { sentences as customer } from './en/customer.ts'
import { sentences as partner } from './en/partner.ts'
import { sentences as start } from './en/start.ts'
import { namesOf } from './numbered.ts'

/** What has which number: those of `start` first, then those of what else is shown. Only hosts with own words need it. */
export const names = { start: namesOf(start), partner: namesOf(partner), customer: namesOf(customer) }
