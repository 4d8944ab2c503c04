import { useState } from 'preact/hooks'
import { place } from '../../models/place.ts'
import { screen } from '../../models/session.ts'
import type { Settings } from '../../models/settings.ts'
import { Copy } from '../parts/copy.tsx'
import { Section } from '../parts/page.tsx'

const elements = [
  ['mislata-program', 'Everything: the form, then how it stands, then the dashboard'],
  ['mislata-apply', 'The application form'],
  ['mislata-status', 'How an application stands'],
  ['mislata-dashboard', 'The dashboard of a partner'],
  ['mislata-refer', "A customer's own link and rewards"],
] as const

const languages = [
  ['', 'As the page'],
  ['en', 'English'],
  ['de', 'German'],
  ['es', 'Spanish'],
  ['fr', 'French'],
  ['pt', 'Portuguese'],
  ['ja', 'Japanese'],
  ['ar', 'Arabic'],
] as const

const attribute = (name: string, value: string) =>
  value ? ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"` : ''

/** The tags of the snippet and the widget, as they change with what is chosen. */
export function Install({ settings }: { settings: Settings }) {
  const [chosen, setChosen] = useState({
    key: '',
    element: 'mislata-program',
    lang: '',
    theme: '',
    params: place.peek().query.get('params') ?? '',
    forms: '',
    stripe: '',
    consent: '',
  })
  const set = (change: Partial<typeof chosen>) => setChosen(now => ({ ...now, ...change }))
  const key = chosen.key.trim() || 'YOUR_PUBLISHABLE_KEY'
  const server = location.origin
  const snippet = `<script async src="${server}/m.js"${attribute('data-key', key)}${attribute('data-params', chosen.params.replaceAll(/\s/g, ''))}${attribute(
    'data-attribution',
    settings.attribution === 'first' ? 'first' : '',
  )}${attribute('data-forms', chosen.forms)}${attribute('data-stripe', chosen.stripe)}${attribute('data-consent', chosen.consent)}></script>`
  const ofKey = chosen.element === 'mislata-refer' ? '' : attribute('publishable-key', key)
  const widget = `<script type="module" src="${server}/widget.js"></script>
<${chosen.element}${ofKey}${attribute('lang', chosen.lang)}${attribute('theme', chosen.theme)}></${chosen.element}>`
  const needsSession = !['mislata-apply', 'mislata-status'].includes(chosen.element)
  return (
    <div class="install">
      <div class="field narrow">
        <label for="install-key">Publishable key</label>
        <input
          id="install-key"
          value={chosen.key}
          autocomplete="off"
          spellcheck={false}
          onInput={event => set({ key: event.currentTarget.value })}
        />
        <p class="hint">
          It is meant to be seen. It was shown when it was made: make another under <a href={screen('keys')}>keys</a> if it is
          lost. It works on {[...new Set([new URL(settings.siteUrl).origin, ...settings.allowedOrigins])].join(', ')}.
        </p>
      </div>
      <Section title="On every page of your site" text="It remembers which partner somebody came by. Put it into the head.">
        <div class="pair options">
          <Pick
            name="forms"
            label="Forms"
            value={chosen.forms}
            options={[
              ['', 'Left alone'],
              ['auto', 'Carry the code'],
            ]}
            set={set}
          />
          <Pick
            name="stripe"
            label="Stripe's links and buttons"
            value={chosen.stripe}
            options={[
              ['', 'Left alone'],
              ['auto', 'Carry the click'],
            ]}
            set={set}
          />
          <Pick
            name="consent"
            label="Consent"
            value={chosen.consent}
            options={[
              ['', 'Not needed'],
              ['required', 'Waits for it'],
            ]}
            set={set}
          />
          <div class="field">
            <label for="install-params">Names of the code in links</label>
            <input
              id="install-params"
              value={chosen.params}
              placeholder="ref"
              autocomplete="off"
              onInput={event => set({ params: event.currentTarget.value })}
              aria-describedby="install-params-hint"
            />
            <p class="hint" id="install-params-hint">
              Such as ref,via where partners have links of another system: both count.
            </p>
          </div>
        </div>
        <Tag text={snippet} what="the tag of the snippet" />
      </Section>
      <Section title="Where partners apply and see what they earn">
        <div class="pair options">
          <Pick name="element" label="It shows" value={chosen.element} options={elements} set={set} />
          <Pick name="lang" label="Language" value={chosen.lang} options={languages} set={set} />
          <Pick
            name="theme"
            label="By night"
            value={chosen.theme}
            options={[
              ['', "As the reader's system"],
              ['light', 'Light'],
              ['dark', 'Dark'],
            ]}
            set={set}
          />
        </div>
        <Tag text={widget} what="the tags of the widget" />
        {needsSession && (
          <p class="hint">
            Somebody who is signed in on your site is known by a session token, which your backend gets with its secret key: POST
            /v1/sessions.
          </p>
        )}
      </Section>
    </div>
  )
}

type PickProps = {
  name: string
  label: string
  value: string
  options: readonly (readonly [value: string, name: string])[]
  set: (change: Record<string, string>) => void
}

function Pick({ name, label, value, options, set }: PickProps) {
  return (
    <div class="field">
      <label for={`install-${name}`}>{label}</label>
      <select id={`install-${name}`} value={value} onChange={event => set({ [name]: event.currentTarget.value })}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

function Tag({ text, what }: { text: string; what: string }) {
  return (
    <div class="tagged">
      <pre class="excerpt">{text}</pre>
      <Copy text={text} what={what} />
    </div>
  )
}
