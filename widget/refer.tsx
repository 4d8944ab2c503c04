import { computed } from '@preact/signals'
import { connect } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Stage } from './element.ts'
import type { Around } from './later.tsx'
import { Referrals } from './models/refer.ts'
import { Sharing } from './models/sharing.ts'
import { speech } from './speech.ts'
import account from './views/account.css?inline'
import { Failed, ReferSkeleton, Title } from './views/parts.tsx'
import style from './views/refer.css?inline'
import { ReferView } from './views/refer.tsx'
import { en } from './wording/en.ts'
import { enRefer } from './wording/en-refer.ts'
import { enShare } from './wording/en-share.ts'

const sheet = new CSSStyleSheet()
sheet.replaceSync(account + style)

/** A customer's own referrals, from the first question on. */
export function open({ settings, emit, root }: Around): Stage {
  const ending = new AbortController()
  const api = connect(settings, ending.signal)
  // Once it has left the page, nothing is said of what it still waits for.
  const say: Emit = (name, detail) => {
    if (!ending.signal.aborted) emit(name, detail)
  }
  const model = new Referrals(api, { settings, emit: say })
  const sharing = new Sharing(api, say)
  const words = speech(settings, { ...en, ...enShare, ...enRefer })
  const dates = computed(() => calendar(words.value.locale))
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  void model.look()

  const shown = () => {
    const place = model.place.value
    const { say } = words.value
    switch (place.at) {
      case 'loading':
        return <ReferSkeleton label={say.loading} />
      case 'failed':
        return <Failed failure={place.failure} retry={model.retry} words={words.value} />
      case 'shown':
        return (
          <ReferView
            refer={place.refer}
            events={place.events}
            model={model}
            sharing={sharing}
            words={words.value}
            dates={dates.value}
          />
        )
      case 'signed-out':
        return (
          <section class="standing">
            <Title>{say.referSignedOut}</Title>
            <p>{say.referSignedOutText}</p>
            <button type="button" part="button" onClick={model.retry}>
              {say.retry}
            </button>
          </section>
        )
    }
  }

  return {
    view() {
      const place = model.place.value
      const accent = place.at === 'shown' ? place.refer.program.brand.accent : ''
      return (
        <div class="card mid" part="card" style={{ '--brand': accent, '--page-font': settings.font.value }}>
          {shown()}
        </div>
      )
    },
    leave() {
      ending.abort()
      for (const each of [model, sharing]) each[Symbol.dispose]()
    },
  }
}
