import { Hono } from 'hono'
import { ConfirmEnrolment, Enrolment, PasswordAgain, RecoveryCodes, SecondFactorOff } from '../../contract/admins.ts'
import { door, type Server } from '../../door.ts'
import { confirm, enrol, renewRecoveryCodes, turnOff } from '../../program/admin-totp.ts'
import { pictureOf } from '../../rules/picture.ts'
import { otpauth } from '../../rules/totp.ts'
import { guarded } from './auth-me.ts'

const tag = 'Sign-in'

/** An admin's own second factor: an app that shows a new code every half minute. */
export function authTotp(server: Server) {
  return new Hono()
    .post(
      '/v1/auth/totp',
      ...door(
        server,
        { summary: 'Begin a second factor', tag, who: ['admin'], body: PasswordAgain, replies: { 201: Enrolment } },
        async ({ c, desk, caller, body }) => {
          const { secret, email } = await guarded(server, server.address(c), caller.email, () =>
            enrol(desk, caller.adminId, body.password),
          )
          const uri = otpauth({ secret, issuer: `Mislata ${new URL(server.publicUrl).hostname}`, account: email })
          return c.json({ secret, uri, qr: pictureOf(uri) ?? '' }, 201)
        },
      ),
    )
    .post(
      '/v1/auth/totp/confirm',
      ...door(
        server,
        {
          summary: 'Put a second factor into force',
          tag,
          who: ['admin'],
          body: ConfirmEnrolment,
          replies: { 200: RecoveryCodes },
        },
        async ({ c, desk, caller, body }) => {
          const act = () => confirm(desk, caller.adminId, body.code)
          return c.json({ recoveryCodes: await guarded(server, server.address(c), caller.email, act) })
        },
      ),
    )
    .post(
      '/v1/auth/totp/recovery-codes',
      ...door(
        server,
        { summary: 'Replace the recovery codes', tag, who: ['admin'], body: PasswordAgain, replies: { 200: RecoveryCodes } },
        async ({ c, desk, caller, body }) => {
          const act = () => renewRecoveryCodes(desk, caller.adminId, body.password)
          return c.json({ recoveryCodes: await guarded(server, server.address(c), caller.email, act) })
        },
      ),
    )
    .post(
      '/v1/auth/totp/off',
      ...door(
        server,
        { summary: 'Turn the second factor off', tag, who: ['admin'], body: PasswordAgain, replies: { 200: SecondFactorOff } },
        async ({ c, desk, caller, body }) => {
          await guarded(server, server.address(c), caller.email, () => turnOff(desk, caller.adminId, body.password))
          return c.json({ off: true })
        },
      ),
    )
}
