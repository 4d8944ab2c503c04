import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { Failure, told } from '../failure.ts'
import { signIn } from '../models/session.ts'

/** The page before the console: one thing to do, in the middle. */
export function Door({ title, text, children }: { title: string; text?: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Mislata`
  }, [title])
  return (
    <main class="door">
      <div class="panel">
        <p class="mark">Mislata</p>
        <h1>{title}</h1>
        {text && <p class="muted">{text}</p>}
        {children}
      </div>
    </main>
  )
}

const WORDS: Record<string, string> = {
  wrong_login: 'That does not match. Check the address and the password.',
  wrong_second_factor: 'That code does not match. Codes change every 30 seconds; an older one does not work any more.',
}

/** First the address and the password; then, for those who have one, the second factor. */
export function SignIn({ ended }: { ended: boolean }) {
  const model = useMemo(door, [])
  const { failure, asksCode, doing } = model
  const submit = (event: Event) => {
    event.preventDefault()
    void model.send(new FormData(event.currentTarget as HTMLFormElement))
  }
  const refused = failure.value
  const fault = refused && (WORDS[refused.code] ?? `${told(refused).title}. ${told(refused).text}`)
  return (
    <Door
      title={asksCode.value ? 'Enter your code' : 'Sign in'}
      text={
        asksCode.value
          ? 'Six digits from your authenticator app, or one of your recovery codes.'
          : ended
            ? 'Your session has ended. Sign in to go on where you were.'
            : undefined
      }
    >
      <form class="form" onSubmit={submit}>
        {asksCode.value ? (
          <p class="field">
            <label for="code">Code</label>
            <input
              id="code"
              name="code"
              required
              autocomplete="one-time-code"
              inputMode="text"
              spellcheck={false}
              ref={focusOnce}
              aria-invalid={fault ? true : undefined}
              aria-describedby={fault && 'fault'}
            />
          </p>
        ) : (
          <>
            <p class="field">
              <label for="email">E-mail</label>
              <input
                id="email"
                name="email"
                type="email"
                required
                autocomplete="username"
                defaultValue={model.email.value}
                ref={focusOnce}
              />
            </p>
            <p class="field">
              <label for="password">Password</label>
              <input
                id="password"
                name="password"
                type="password"
                required
                autocomplete="current-password"
                aria-invalid={refused?.code === 'wrong_login' ? true : undefined}
                aria-describedby={fault && 'fault'}
              />
            </p>
          </>
        )}
        {fault && (
          <p class="fault" role="alert" id="fault">
            {fault}
          </p>
        )}
        <button type="submit" class="primary" aria-disabled={doing.value}>
          {doing.value ? 'Signing in …' : asksCode.value ? 'Go on' : 'Sign in'}
        </button>
        {asksCode.value ? (
          <button type="button" class="plain" onClick={model.again}>
            Sign in as somebody else
          </button>
        ) : (
          <p class="muted small">New here? Open the link of your invitation: it lets you choose a password.</p>
        )}
      </form>
    </Door>
  )
}

function door() {
  const email = signal('')
  const asksCode = signal(false)
  const failure = signal<Failure | undefined>(undefined)
  const doing = signal(false)
  // Only for as long as the second question stands there.
  let password = ''

  return {
    email,
    asksCode,
    failure,
    doing,
    async send(answers: FormData) {
      if (doing.peek()) return
      const given = (name: string) => String(answers.get(name) ?? '')
      if (!asksCode.peek()) {
        email.value = given('email')
        password = given('password')
      }
      doing.value = true
      failure.value = undefined
      try {
        await signIn(email.peek(), password, given('code'))
        password = ''
      } catch (error) {
        const refused = Failure.from(error)
        if (refused.code === 'second_factor_needed') asksCode.value = true
        else failure.value = refused
        // A password that was changed in between, or too many tries: from the beginning.
        if (refused.code === 'wrong_login') asksCode.value = false
      } finally {
        doing.value = false
      }
    },
    again() {
      password = ''
      asksCode.value = false
      failure.value = undefined
    },
  }
}

const focused = new WeakSet<HTMLElement>()
function focusOnce(input: HTMLElement | null) {
  if (!input || focused.has(input)) return
  focused.add(input)
  input.focus()
}
