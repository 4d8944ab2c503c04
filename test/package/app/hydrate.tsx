import { type MislataElement, MislataStatus } from 'mislata/react'
import { StrictMode, useRef, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { Partners } from './Partners.tsx'

// What a page of an app does with the components over time: it says something else to them, reads their element, takes
// them away and brings them back.
export function Page() {
  const [round, setRound] = useState(0)
  const element = useRef<MislataElement>(null)
  return (
    <main>
      <Partners />
      <button type="button" onClick={() => setRound(round + 1)}>
        Round {round}
      </button>
      {round !== 2 && (
        <MislataStatus
          api="https://partners.example.com"
          publishableKey="mislata_pk_…"
          className={`round-${round}`}
          hidden={round === 3}
          theme="dark"
          lang="en"
          data-round={round}
          ref={element}
          wording={{ noneTitle: `Nothing in round ${round}` }}
          onReady={() => console.log(`ready in round ${round}: ${element.current?.className}`)}
          onStatus={event => console.log(`round ${round}: ${event.detail.status}`)}
          onError={event => console.log(`without: ${event.detail.code}`)}
        />
      )}
    </main>
  )
}

if (typeof document !== 'undefined')
  hydrateRoot(
    document.getElementById('root') as HTMLElement,
    <StrictMode>
      <Page />
    </StrictMode>,
  )
