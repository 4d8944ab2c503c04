import type { Calendar } from '../calendar.ts'
import { Failure } from '../failure.ts'
import type { Access, Endpoint, Secret, Tested } from '../models/access.ts'
import type { Says } from '../speech.ts'
import { Field, Form, Refusal, Sure, type Words } from './acting.tsx'
import { Dots } from './figure.tsx'
import { complete, Failed, RowsSkeleton, State } from './parts.tsx'

type Props = { access: Access; words: Words; dates: Calendar }

/** A partner's own keys to the API, and the addresses that are told what happens. */
export function SettingsPart({ access, words, dates }: Props) {
  const place = access.place.value
  if (place instanceof Failure) return <Failed failure={place} retry={access.load} words={words} />
  if (place === 'loading') return <RowsSkeleton label={words.say.loading} />
  return (
    <>
      <Keys access={access} words={words} dates={dates} />
      <Hooks access={access} words={words} />
    </>
  )
}

function Keys({ access, words, dates }: Props) {
  const { say, fill } = words
  const keys = access.keys.value
  const about = { acts: access, act: 'make key', words }
  return (
    <section class="part">
      <h3>{say.keys}</h3>
      <p class="lead">{say.keysText}</p>
      <Form {...about} button={say.keyMake} send={({ name = '' }) => access.makeKey(name)}>
        <Field {...about} name="name" label={say.keyName} placeholder={say.keyExample} max={120} />
      </Form>
      <Once access={access} of="key" title={say.keyMade} words={words} />
      {keys.length === 0 ? (
        <p class="lead">{say.keysEmpty}</p>
      ) : (
        <ul class="items keys" part="keys">
          {keys.map(key => (
            <li key={key.id}>
              <div>
                <strong>
                  <bdi>{key.name}</bdi>
                </strong>
                <p class="aside">
                  <Dots>
                    <bdi>{fill(say.keyEnds, { hint: key.hint })}</bdi>
                    {dates.instant(key.createdAt)}
                  </Dots>
                </p>
              </div>
              <Sure
                acts={access}
                act={`revoke ${key.id}`}
                words={words}
                label={say.revoke}
                name={key.name}
                question={say.revokeAsk}
                sure={say.revokeSure}
                go={() => void access.revokeKey(key.id)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Hooks({ access, words }: Omit<Props, 'dates'>) {
  const { say } = words
  const endpoints = access.endpoints.value
  const about = { acts: access, act: 'add endpoint', words }
  return (
    <section class="part">
      <h3>{say.hooks}</h3>
      <p class="lead">{say.hooksText}</p>
      <Form {...about} button={say.hookMake} send={({ url = '' }) => access.addEndpoint(url)}>
        <Field {...about} name="url" label={say.hookUrl} kind="url" placeholder="https://" max={2048} onChange={complete} />
      </Form>
      <Once access={access} of="endpoint" title={say.hookMade} words={words} />
      {endpoints.length === 0 ? (
        <p class="lead">{say.hooksEmpty}</p>
      ) : (
        <ul class="items hooks" part="webhooks">
          {endpoints.map(endpoint => (
            <Hook key={endpoint.id} endpoint={endpoint} access={access} words={words} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Hook({ endpoint, access, words }: { endpoint: Endpoint; access: Access; words: Words }) {
  const { say } = words
  const { id, url, disabled, disabledReason } = endpoint
  const isTesting = access.doing.value === `test ${id}`
  const tested = access.tested.value[id]
  return (
    <li>
      <div>
        <strong>
          <bdi>{url}</bdi>
        </strong>
        <p class="aside">
          <State tone={!disabled ? 'good' : disabledReason === 'asked' ? 'quiet' : 'bad'}>
            {say[`hook.${disabled ? (disabledReason ?? 'asked') : 'on'}`]}
          </State>
        </p>
        <p role="status" class={tested ? 'aside' : 'hidden'}>
          {tested && saidOf(tested, words)}
        </p>
        <Refusal acts={access} act={`test ${id}`} words={words} />
      </div>
      <div class="acts">
        {!disabled && (
          <button
            type="button"
            class="plain quiet"
            part="button"
            aria-disabled={isTesting}
            aria-label={`${say.hookTest}: ${url}`}
            onClick={() => void access.testEndpoint(id)}
          >
            {isTesting ? say.hookTesting : say.hookTest}
          </button>
        )}
        <Sure
          acts={access}
          act={`delete ${id}`}
          words={words}
          label={say.remove}
          name={url}
          question={say.removeAsk}
          sure={say.removeSure}
          go={() => void access.deleteEndpoint(id)}
        />
      </div>
    </li>
  )
}

function saidOf({ status, attempts }: Tested, { say, fill }: Words) {
  const [last] = attempts
  if (!last) return say.hookWaits
  const answer = { status: String(last.status) }
  if (status === 'delivered') return fill(say.hookAnswered, answer)
  return fill(say.hookFailed, { why: (say as object as Says)[`hookOutcome.${last.outcome}`] ?? fill(say.hookStatus, answer) })
}

/** A key or a secret, this one time. It is copied by hand where the browser has no clipboard: a click selects it. */
function Once({ access, of, title, words }: { access: Access; of: Secret['of']; title: string; words: Words }) {
  const { say } = words
  const secret = access.secret.value
  if (secret?.of !== of) return null
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLButtonElement
    const input = button.closest('.once')?.querySelector('input')
    input?.select()
    try {
      await navigator.clipboard.writeText(secret.text)
    } catch {
      document.execCommand('copy')
    }
  }
  return (
    <fieldset class="once" aria-label={title}>
      <p role="status">
        <strong>{title}</strong> {say.shownOnce}
      </p>
      <div class="link">
        <input
          readonly
          value={secret.text}
          aria-label={title}
          dir="ltr"
          part="input"
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <div class="acts">
          <button type="button" part="button" onClick={copy}>
            {say.copyIt}
          </button>
          <button type="button" part="button" onClick={access.forget}>
            {say.done}
          </button>
        </div>
      </div>
    </fieldset>
  )
}
