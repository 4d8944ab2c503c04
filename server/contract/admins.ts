import * as v from 'valibot'
import { KnownPassword, Password, SecondFactor } from './auth.ts'
import { Role } from './roles.ts'
import { Email, Instant } from './text.ts'

/** A program as much as the console's head needs of it. */
const Mine = v.object({
  id: v.string(),
  name: v.string(),
  siteUrl: v.string(),
  currency: v.string(),
  timeZone: v.string(),
  mode: v.picklist(['live', 'test']),
  brand: v.object({ logoUrl: v.nullable(v.string()), accent: v.string() }),
})

/** GET /v1/auth/me. `mustEnrol`: nothing else is answered before a second factor is set up. */
export const Me = v.object({
  id: v.string(),
  email: v.string(),
  role: Role,
  secondFactor: v.boolean(),
  mustEnrol: v.boolean(),
  recoveryCodesLeft: v.number(),
  sessionId: v.string(),
  expiresAt: Instant,
  programs: v.array(Mine),
})
export type Me = v.InferOutput<typeof Me>

/** POST /v1/auth/login with `console`: the session is in the cookie. */
export const SignedIn = v.object({ expiresAt: Instant, admin: Me })

export const AdminSession = v.object({
  id: v.string(),
  kind: v.picklist(['console', 'token']),
  current: v.boolean(),
  createdAt: Instant,
  seenAt: Instant,
  expiresAt: Instant,
  agent: v.nullable(v.string()),
})
export type AdminSession = v.InferOutput<typeof AdminSession>
export const AdminSessionList = v.object({ data: v.array(AdminSession) })
/** How many sessions were ended. */
export const SessionsEnded = v.object({ ended: v.number() })

export const NewPassword = v.object({ password: KnownPassword, newPassword: Password })
export const PasswordAgain = v.object({ password: KnownPassword })
export const PasswordChanged = v.object({ changed: v.literal(true) })

/** A second factor that is being set up: what its app is to be given, as text, as a link, and as a QR code in SVG. */
export const Enrolment = v.object({ secret: v.string(), uri: v.string(), qr: v.string() })
export const ConfirmEnrolment = v.object({ code: SecondFactor })
/** Each works once in place of a code of the app. They are in this reply and in no other. */
export const RecoveryCodes = v.object({ recoveryCodes: v.array(v.string()) })
export const SecondFactorOff = v.object({ off: v.literal(true) })

export const Member = v.object({
  id: v.string(),
  email: v.string(),
  role: Role,
  secondFactor: v.boolean(),
  createdAt: Instant,
  seenAt: v.nullable(Instant),
  you: v.boolean(),
})
export type Member = v.InferOutput<typeof Member>
export const MemberChange = v.object({ role: Role })

export const Invite = v.object({ id: v.string(), email: v.string(), role: Role, createdAt: Instant, expiresAt: Instant })
export type Invite = v.InferOutput<typeof Invite>
export const NewInvite = v.object({ email: Email, role: Role })
/** The link is in this reply, in the mail where there is a mail server, and nowhere else. */
export const MadeInvite = v.object({ ...Invite.entries, link: v.string() })

/** GET /v1/team: everybody who may sign in, and who has been asked to. */
export const Team = v.object({ data: v.array(Member), invites: v.array(Invite), requireSecondFactor: v.boolean() })
export const TeamSettings = v.object({ requireSecondFactor: v.boolean() })
