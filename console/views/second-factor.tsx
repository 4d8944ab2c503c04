import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { ask } from '../api.ts'
import { acts } from '../models/acts.ts'
import { Copy } from './parts/copy.tsx'
import { Field, Form } from './parts/form.tsx'

type Begun = { secret: string; uri: string; qr: string }

/**
 * Sets up a second factor: the password, a code from the app, and recovery codes to keep. `done` is called when somebody
 * says that they have kept them.
 */
export function Enrol({ done }: { done: () => void }) {
  const model = useMemo(enrol, [])
  const begun = model.begun.value
  const codes = model.codes.value
  if (codes) return <RecoveryCodes codes={codes} done={done} />
  if (!begun)
    return (
      <Form acts={model.acts} act="begin" verb="Go on" primary send={({ password = '' }) => model.begin(password)}>
        <Field
          name="password"
          label="Your password"
          kind="password"
          autocomplete="current-password"
          hint="So that nobody else does this at an open screen."
        />
      </Form>
    )
  return (
    <Form acts={model.acts} act="confirm" verb="Turn it on" primary send={({ code = '' }) => model.confirm(code)}>
      <p>Scan this with an authenticator app, or type the key into it.</p>
      <img
        class="qr"
        src={`data:image/svg+xml,${encodeURIComponent(begun.qr)}`}
        alt="QR code of the key below"
        width={176}
        height={176}
      />
      <p class="line">
        <code class="secret">{begun.secret.match(/.{1,4}/g)?.join(' ')}</code> <Copy text={begun.secret} what="key" />
      </p>
      <Field name="code" label="The code that the app shows now" autocomplete="one-time-code" max={12} />
    </Form>
  )
}

/** Ten codes that each let somebody in once, shown this one time. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  return (
    <div class="form">
      <p>Keep these recovery codes where you keep passwords. Each lets you in once, without the app. They are not shown again.</p>
      <ul class="codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p class="line">
        <Copy text={codes.join('\n')} what="recovery codes" label="Copy all" />
      </p>
      <button type="button" class="primary" onClick={done}>
        I have kept them
      </button>
    </div>
  )
}

function enrol() {
  const begun = signal<Begun | undefined>(undefined)
  const codes = signal<string[] | undefined>(undefined)
  const own = acts()
  return {
    acts: own,
    begun,
    codes,
    begin: (password: string) =>
      own.run('begin', async () => {
        begun.value = await ask<Begun>('POST', '/v1/auth/totp', { body: { password } })
      }),
    confirm: (code: string) =>
      own.run('confirm', async () => {
        const body = { code: code.replaceAll(/\s/g, '') }
        codes.value = (await ask<{ recoveryCodes: string[] }>('POST', '/v1/auth/totp/confirm', { body })).recoveryCodes
      }),
  }
}
