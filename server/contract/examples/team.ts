import { at, ids, later, page, person, settings } from './sample.ts'
import type { Examples } from './shape.ts'

const password = 'correct horse battery'
const ses = 'ses_1A2b3C4d5E6f7G8h9J1k2L'
const adm = 'adm_1A2b3C4d5E6f7G8h9J1k2L'
const invite = { id: 'inv_1A2b3C4d5E6f7G8h9J1k2L', email: person.email, role: 'finance', createdAt: at, expiresAt: later }
const member = {
  id: adm,
  email: 'admin@acme.example',
  role: 'owner',
  secondFactor: true,
  createdAt: at,
  seenAt: at,
  you: true,
}
const recoveryCodes = ['mfrg-g2lt-nzuw-4zza', 'onsw-g4tf-orqx-e2lt']

export const me = {
  id: adm,
  email: 'admin@acme.example',
  role: 'owner',
  secondFactor: true,
  mustEnrol: false,
  recoveryCodesLeft: 10,
  sessionId: ses,
  expiresAt: later,
  programs: [
    {
      id: ids.program,
      name: settings.name,
      siteUrl: settings.siteUrl,
      currency: settings.currency,
      timeZone: settings.timeZone,
      mode: settings.mode,
      brand: { logoUrl: settings.brand.logoUrl, accent: settings.brand.accent },
    },
  ],
}

export const ownSignIn: Examples = {
  'GET /v1/auth/me': {
    id: 'getSignedInAdmin',
    says: 'Who is signed in, as what, and for which programs.',
    replies: { 200: me },
  },
  'GET /v1/auth/sessions': {
    id: 'listSignInSessions',
    says: "One's own sessions that are open, with what they were begun by. From where is not kept.",
    replies: {
      200: {
        data: [
          { id: ses, kind: 'console', current: true, createdAt: at, seenAt: at, expiresAt: later, agent: 'Firefox on Linux' },
        ],
      },
    },
  },
  'DELETE /v1/auth/sessions': {
    id: 'endOtherSessions',
    says: "Ends all of one's own sessions but the one that asks.",
    replies: { 200: { ended: 2 } },
  },
  'DELETE /v1/auth/sessions/{id}': {
    id: 'endSession',
    says: "Ends one of one's own sessions. It is refused from now on.",
    path: { id: ["The session's id.", ses] },
    replies: { 200: { ended: 1 } },
    may: ['session_not_found'],
  },
  'POST /v1/auth/password': {
    id: 'changePassword',
    says: 'Changes the password of whoever is signed in, and ends all their other sessions.',
    body: { password, newPassword: 'another horse battery' },
    replies: { 200: { changed: true } },
    may: ['wrong_login', 'too_many_logins'],
  },
  'POST /v1/auth/totp': {
    id: 'beginSecondFactor',
    says: 'Makes the secret of a second factor (RFC 6238), for an authenticator app. Nothing asks for it before it is confirmed.',
    body: { password },
    replies: {
      201: {
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/Mislata:admin%40acme.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Mislata&algorithm=SHA1&digits=6&period=30',
        qr: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      },
    },
    may: ['wrong_login', 'too_many_logins', 'second_factor_is_on'],
  },
  'POST /v1/auth/totp/confirm': {
    id: 'confirmSecondFactor',
    says: 'Puts it into force by a code of it: from now on signing in takes one. Each of the recovery codes does in its place, once; they are in this reply and in no other.',
    body: { code: '492039' },
    replies: { 200: { recoveryCodes } },
    may: ['wrong_second_factor', 'too_many_logins', 'second_factor_is_on', 'second_factor_not_begun'],
  },
  'POST /v1/auth/totp/recovery-codes': {
    id: 'replaceRecoveryCodes',
    says: 'Makes ten new recovery codes. Those before stop working.',
    body: { password },
    replies: { 200: { recoveryCodes } },
    may: ['wrong_login', 'too_many_logins', 'second_factor_is_off'],
  },
  'POST /v1/auth/totp/off': {
    id: 'endSecondFactor',
    says: 'Turns the second factor off, with the password. Refused while one is required of everybody.',
    body: { password },
    replies: { 200: { off: true } },
    may: ['wrong_login', 'too_many_logins', 'second_factor_is_off', 'second_factor_is_required'],
  },
}

const id = { id: ["The admin's id.", adm] } as const

export const team: Examples = {
  'GET /v1/team': {
    id: 'listAdmins',
    says: 'Everybody who may sign in, as what, and who has been invited.',
    replies: { 200: { data: [member], invites: [invite], requireSecondFactor: false } },
  },
  'POST /v1/team/invites': {
    id: 'inviteAdmin',
    says: 'Makes a link by which somebody becomes an admin, once, within three days. It is in this reply, and in the mail where there is a mail server. Inviting an address again replaces the link.',
    body: { email: person.email, role: 'finance' },
    replies: { 201: { ...invite, link: 'https://partners.acme.example/console/invite/4h7Kq2' } },
    may: ['admin_exists'],
  },
  'DELETE /v1/team/invites/{id}': {
    id: 'takeInviteBack',
    says: 'The link stops working.',
    path: { id: ["The invitation's id.", invite.id] },
    replies: { 200: invite },
    may: ['invite_not_found'],
  },
  'PATCH /v1/team/settings': {
    id: 'changeTeamSettings',
    says: 'Whether everybody has to have a second factor. Who has none is answered nothing else until they have set one up.',
    body: { requireSecondFactor: true },
    replies: { 200: { requireSecondFactor: true } },
  },
  'PATCH /v1/team/{id}': {
    id: 'changeAdminRole',
    says: 'Changes what an admin may do, from their next request on. There is always an owner.',
    path: id,
    body: { role: 'manager' },
    replies: { 200: { ...member, role: 'manager', you: false } },
    may: ['admin_not_found', 'last_owner'],
  },
  'DELETE /v1/team/{id}': {
    id: 'removeAdmin',
    says: 'They are an admin no more, and their sessions are over. There is always an owner.',
    path: id,
    replies: { 200: { ...member, you: false } },
    may: ['admin_not_found', 'last_owner'],
  },
  'GET /v1/audit': {
    id: 'listTeamAuditEntries',
    says: 'Who did what to the team and its settings, newest first.',
    replies: {
      200: page({
        id: 'aud_1A2b3C4d5E6f7G8h9J1k2L',
        at,
        actor: { kind: 'admin', id: adm, label: 'admin@acme.example' },
        action: 'admin.role_changed',
        object: adm,
        before: { role: 'finance' },
        after: { role: 'manager' },
        requestId: '4f1c8a52-6c0e-4d0b-8a55-0d3c1f3f9f10',
      }),
    },
  },
}
