import { useState } from 'preact/hooks'
import type { AdminSession } from '../../../server/contract/admins.ts'
import { ask } from '../../api.ts'
import { counted } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useOne } from '../../models/one.ts'
import { me, refresh, roleNames } from '../../models/session.ts'
import { askFirst, say } from '../../models/telling.ts'
import type { ScreenProps } from '../../screens.ts'
import { Field, Form } from '../parts/form.tsx'
import { Badge, Header, Loaded, Section } from '../parts/page.tsx'
import { When } from '../parts/values.tsx'
import { Enrol, RecoveryCodes } from '../second-factor.tsx'

/** One's own: the second factor, the password, and where one is signed in. */
export default function Account(_: ScreenProps) {
  const who = me.value
  if (!who) return null
  return (
    <>
      <Header title="Your account" text={`${who.email}, ${roleNames[who.role].toLowerCase()}`} />
      <div class="narrow">
        <SecondFactor isOn={who.secondFactor} left={who.recoveryCodesLeft} />
        <Password />
      </div>
      <Sessions />
    </>
  )
}

function SecondFactor({ isOn, left }: { isOn: boolean; left: number }) {
  const [doing, setDoing] = useState<'enrol' | 'codes' | 'off' | ''>('')
  const done = () => {
    setDoing('')
    void refresh()
  }
  return (
    <Section title="Second factor" text="A code from an app on your phone, asked for with the password.">
      <p>
        <Badge tone={isOn ? 'good' : 'waiting'}>{isOn ? `On, ${counted(left, 'recovery code')} left` : 'Off'}</Badge>
      </p>
      {!doing && (
        <div class="acts section">
          {!isOn && (
            <button type="button" onClick={() => setDoing('enrol')}>
              Set it up
            </button>
          )}
          {isOn && (
            <button type="button" onClick={() => setDoing('codes')}>
              New recovery codes
            </button>
          )}
          {isOn && (
            <button type="button" onClick={() => setDoing('off')}>
              Turn it off
            </button>
          )}
        </div>
      )}
      {doing === 'enrol' && <Enrol done={done} />}
      {doing === 'codes' && <NewCodes done={done} cancel={() => setDoing('')} />}
      {doing === 'off' && <TurnOff done={done} cancel={() => setDoing('')} />}
    </Section>
  )
}

type Ways = { done: () => void; cancel: () => void }

function NewCodes({ done, cancel }: Ways) {
  const acts = useActs()
  const [codes, setCodes] = useState<string[] | undefined>(undefined)
  if (codes) return <RecoveryCodes codes={codes} done={done} />
  return (
    <Form
      acts={acts}
      act="codes"
      verb="Make new codes"
      cancel={cancel}
      send={body =>
        acts.run('codes', async () =>
          setCodes((await ask<{ recoveryCodes: string[] }>('POST', '/v1/auth/totp/recovery-codes', { body })).recoveryCodes),
        )
      }
    >
      <Field
        name="password"
        label="Your password"
        kind="password"
        autocomplete="current-password"
        hint="The codes that you have now stop working."
      />
    </Form>
  )
}

function TurnOff({ done, cancel }: Ways) {
  const acts = useActs()
  return (
    <Form
      acts={acts}
      act="off"
      verb="Turn it off"
      danger
      cancel={cancel}
      send={body =>
        acts.run(
          'off',
          async () => {
            await ask('POST', '/v1/auth/totp/off', { body })
            done()
          },
          { done: 'The second factor is off' },
        )
      }
    >
      <Field name="password" label="Your password" kind="password" autocomplete="current-password" />
    </Form>
  )
}

function Password() {
  const acts = useActs()
  return (
    <Section title="Password" text="A new one signs you out everywhere else.">
      <Form
        acts={acts}
        act="password"
        verb="Change the password"
        resets
        send={body => acts.run('password', () => ask('POST', '/v1/auth/password', { body }), { done: 'The password is changed' })}
      >
        <Field name="password" label="Password now" kind="password" autocomplete="current-password" />
        <Field
          name="newPassword"
          label="New password"
          kind="password"
          autocomplete="new-password"
          hint="At least 10 characters."
        />
      </Form>
    </Section>
  )
}

function Sessions() {
  const sessions = useOne<{ data: AdminSession[] }>('/v1/auth/sessions')
  const acts = useActs()
  const end = (id: string) =>
    acts
      .run('end', () => ask('DELETE', `/v1/auth/sessions/${id}`), { aloud: true, done: 'Signed out there' })
      .then(() => sessions.load())
  const endOthers = async () => {
    const done = await askFirst({
      title: 'Sign out everywhere else?',
      text: 'Only this browser stays signed in.',
      verb: 'Sign out elsewhere',
      act: () => ask('DELETE', '/v1/auth/sessions'),
    })
    if (!done) return
    say('Signed out everywhere else')
    void sessions.load()
  }
  return (
    <Section
      title="Where you are signed in"
      acts={
        (sessions.value.value?.data.length ?? 0) > 1 && (
          <button type="button" onClick={() => void endOthers()}>
            Sign out everywhere else
          </button>
        )
      }
    >
      <Loaded one={sessions} shape="rows">
        {({ data }) => (
          <ul class="files">
            {data.map(({ id, kind, current, agent, seenAt, expiresAt }) => (
              <li key={id}>
                <div>
                  <strong>{agent ?? (kind === 'token' ? 'A token of the API' : 'A browser')}</strong>
                  {current && <span class="muted"> (this one)</span>}
                  <p class="muted small">
                    Seen <When at={seenAt} since />, until <When at={expiresAt} hour />
                  </p>
                </div>
                {!current && (
                  <button type="button" class="small" aria-label={`Sign out: ${agent ?? kind}`} onClick={() => void end(id)}>
                    Sign out
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  )
}
