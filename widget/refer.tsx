import { computed } from '@preact/signals'
import { connect } from './api.ts'
import { calendar } from './calendar.ts'
import type { Emit, Stage } from './element.ts'
import type { Around } from './later.tsx'
import { referrals } from './models/refer.ts'
import { sharing as share } from './models/sharing.ts'
import { speech } from './speech.ts'
import account from './views/account.css?inline'
import { Card } from './views/card.tsx'
import { Failed, ReferSkeleton, Title } from './views/parts.tsx'
import style from './views/refer.css?inline'
import { ReferView, type Sentences } from './views/refer.tsx'
import rows from './views/rows.css?inline'

const sheet = new CSSStyleSheet()
sheet.replaceSync(account + rows + style)

/** A customer's own referrals, from the first question on. */
export function open({ settings, emit, root }: Around): Stage {
  const ending = new AbortController()
  const api = connect(settings, ending.signal)
  const spoken = speech<Sentences>(settings, 'customer')
  // What is told of is there to be seen, and nothing is said any more once it has left the page.
  const tell: Emit = (name, detail) => void spoken.ready.then(() => ending.signal.aborted || emit(name, detail))
  const model = referrals(api, { settings, emit: tell })
  const sharing = share(api, tell)
  const dates = computed(() => calendar(spoken.words.value?.locale))
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  void model.look()

  const shown = () => {
    const words = spoken.words.value
    const place = model.place.value
    if (!words || place.at === 'loading') return <ReferSkeleton label={words?.say.loading} />
    const { say } = words
    switch (place.at) {
      case 'failed':
        return <Failed failure={place.failure} retry={model.retry} words={words} />
      case 'shown':
        return (
          <ReferView
            refer={place.refer}
            events={place.events}
            model={model}
            sharing={sharing}
            words={words}
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
      return (
        <Card
          settings={settings}
          spoken={spoken}
          width="mid"
          accent={place.at === 'shown' ? place.refer.program.brand.accent : ''}
        >
          {shown()}
        </Card>
      )
    },
    leave() {
      ending.abort()
      model.leave()
      spoken.leave()
    },
  }
}
