import { effect } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Failure } from '../failure.ts'
import { go, parts, place } from '../models/place.ts'
import { firstProgram, hasEnded, may, me, program, refresh, remember, unknown } from '../models/session.ts'
import { type Screen, type ScreenProps, screens } from '../screens.ts'
import { Frame } from './frame.tsx'
import { Asking, Corner } from './parts/dialog.tsx'
import { Failed, Header, Nothing, Skeleton } from './parts/page.tsx'
import { Enrol } from './second-factor.tsx'
import { Door, SignIn } from './sign-in.tsx'

/** The whole console: its door, or what is behind it. The address stays, so that signing in leads where somebody was going. */
export function App() {
  useEffect(() => effect(lead), [])
  return (
    <>
      <Inside />
      <Asking />
      <Corner />
    </>
  )
}

function Inside() {
  const who = me.value
  if (unknown.value)
    return (
      <Door title="Console">
        <Failed failure={unknown.value} retry={refresh} />
      </Door>
    )
  if (who === undefined) return <p class="hidden">Loading</p>
  if (who === null) return <SignIn ended={hasEnded.value} />
  if (who.mustEnrol)
    return (
      <Door title="Set up a second factor" text="An owner of this server asks it of everybody who signs in.">
        <Enrol done={refresh} />
      </Door>
    )
  if (!who.programs.length)
    return (
      <Door title="No program yet">
        <Nothing
          title="There is nothing to look at"
          text="A program is made with POST /v1/apps, or by the set-up link of the first start."
        />
      </Door>
    )
  const [id, path = '', ...rest] = parts.value
  if (!program.value) return id && !isScreen(id) ? <NoProgram /> : null
  const screen = screens.find(each => each.path === path)
  return (
    <Frame screen={screen}>
      {!screen ? (
        <NoScreen />
      ) : screen.only && !may[screen.only].value ? (
        <Failed failure={new Failure('wrong_credential')} />
      ) : (
        // Of another program, everything is another.
        <Shown key={`${program.value.id}/${path}`} screen={screen} rest={rest} />
      )}
    </Frame>
  )
}

const isScreen = (path: string | undefined) => screens.some(each => each.path === path)

/** From `/console` to the program that was looked at last, and from a program to its overview. */
function lead() {
  const [id, path] = parts.value
  if (!me.value || (id && path && !isScreen(id))) {
    if (program.value) remember(program.value.id)
    return
  }
  const first = firstProgram()?.id
  const asked = place.peek().query.size ? location.search : ''
  // A link that was written without a program means the one that is looked at.
  if (first && isScreen(id)) return go(`/console/${first}/${parts.value.join('/')}${asked}`, { replace: true })
  const to = id ?? first
  if (to) go(`/console/${to}/overview${asked}`, { replace: true })
}

type Open = { View?: ComponentType<ScreenProps>; failure?: Failure }

function Shown({ screen, rest }: { screen: Screen; rest: string[] }) {
  const [{ View, failure }, set] = useState<Open>({})
  useEffect(() => {
    document.title = `${screen.name} · ${program.peek()?.name ?? 'Mislata'}`
    void open(screen, set)
  }, [screen])
  if (failure) return <Failed failure={failure} retry={() => void open(screen, set)} />
  return View ? <View rest={rest} /> : <Skeleton shape="page" />
}

async function open(screen: Screen, set: (open: Open) => void) {
  try {
    set({ View: (await screen.load()).default })
  } catch {
    set({ failure: new Failure(navigator.onLine ? 'unreachable' : 'offline') })
  }
}

function NoProgram() {
  return (
    <Door title="There is no such program">
      <Nothing title="This address names none of your programs" text="It may have been mistyped.">
        <a class="button" href="/console">
          Go to your programs
        </a>
      </Nothing>
    </Door>
  )
}

function NoScreen() {
  return (
    <>
      <Header title="There is nothing here" />
      <Nothing title="This address leads nowhere" text="Choose from the navigation what you are looking for." />
    </>
  )
}
