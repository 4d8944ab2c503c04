import type { Filled } from './schema.ts'

/** Links, sessions and sign-ins of the portal, and deals. */
export type PortalSchema = {
  portalLinks: {
    hash: string
    programId: string
    partnerId: string
    createdAt: string
    expiresAt: string
    usedAt: Filled<string | null>
    browser: Filled<string | null>
  }
  portalAsks: {
    id: string
    programId: string | null
    email: string
    emailFold: string
    browser: string
    createdAt: string
    answeredAt: Filled<string | null>
  }
  portalSessions: {
    hash: string
    programId: string
    partnerId: string
    createdAt: string
    expiresAt: string
    endsAt: string
    endedAt: Filled<string | null>
  }
  deals: {
    id: string
    programId: string
    partnerId: string
    leadEmail: string
    leadEmailFold: string
    leadName: string
    notes: string | null
    createdAt: string
  }
}
