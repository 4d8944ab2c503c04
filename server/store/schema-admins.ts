import type { Role } from '../contract/roles.ts'
import type { Filled } from './schema.ts'

/** Whoever signs in to the console, and how. */
export type AdminTables = {
  admins: {
    id: string
    email: string
    emailFold: string
    passwordHash: string
    createdAt: string
    role: Filled<Role>
    totpSecret: Filled<string | null>
    totpConfirmedAt: Filled<string | null>
    totpStep: Filled<number | null>
  }
  adminRecoveryCodes: { adminId: string; hash: string }
  adminSessions: {
    id: string
    adminId: string
    createdAt: string
    expiresAt: string
    endedAt: Filled<string | null>
    tokenHash: Filled<string | null>
    seenAt: Filled<string | null>
    agent: Filled<string | null>
  }
  adminInvites: {
    id: string
    email: string
    emailFold: string
    role: Role
    tokenHash: string
    createdAt: string
    expiresAt: string
  }
}
