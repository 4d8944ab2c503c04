import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { count } from '../format.ts'
import { go, place } from '../models/place.ts'
import { may, me, program, roleNames, signOut, screen as to } from '../models/session.ts'
import { recount, today, waiting } from '../models/waiting.ts'
import { type Screen, screens } from '../screens.ts'

const GROUPS = ['', 'Partners', 'Money', 'Running', 'Settings'] as const

export function Frame({ screen, children }: { screen: Screen | undefined; children: ComponentChildren }) {
  const menu = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (isOpen) menu.current?.showModal()
  }, [isOpen])
  const id = program.value?.id
  useEffect(() => {
    waiting.value = {}
    today.value = ''
    void recount(id)
    const back = () => document.visibilityState === 'visible' && void recount(id)
    document.addEventListener('visibilitychange', back)
    return () => document.removeEventListener('visibilitychange', back)
  }, [id])
  // Where somebody has gone somewhere, the menu has done its work.
  useEffect(() => place.subscribe(() => menu.current?.close()), [])
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="topbar">
        <button type="button" class="plain" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          Menu
        </button>
        <strong>{screen?.name ?? 'Console'}</strong>
        <span class="muted">{program.value?.name}</span>
      </header>
      <aside class="side" aria-label="Programs and screens">
        <Side screen={screen} />
      </aside>
      {isOpen && (
        <dialog class="menu" ref={menu} aria-label="Menu" closedby="any" onClose={() => setOpen(false)}>
          <Side screen={screen} />
        </dialog>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function Side({ screen }: { screen: Screen | undefined }) {
  const own = screens.filter(each => each.group !== null && (!each.only || may[each.only].value))
  return (
    <>
      <Programs />
      <nav aria-label="Console">
        {GROUPS.map(group => {
          const inGroup = own.filter(each => each.group === group)
          if (!inGroup.length) return null
          return (
            <section key={group} aria-label={group || 'Overview'}>
              {group && <h2>{group}</h2>}
              <ul>
                {inGroup.map(each => (
                  <Item key={each.path} screen={each} current={each === screen} />
                ))}
              </ul>
            </section>
          )
        })}
      </nav>
      <div class="who">
        <p title={me.value?.email}>{me.value?.email}</p>
        <p class="muted">
          {me.value && roleNames[me.value.role]}
          <button type="button" class="plain" onClick={() => void signOut()}>
            Sign out
          </button>
        </p>
      </div>
    </>
  )
}

function Item({ screen, current }: { screen: Screen; current: boolean }) {
  const number = screen.waiting ? (waiting.value[screen.waiting] ?? 0) : 0
  return (
    <li>
      <a href={to(screen.path)} aria-current={current ? 'page' : undefined}>
        {screen.name}
        {number > 0 && (
          <span class="number">
            {count(number)}
            <span class="hidden"> waiting</span>
          </span>
        )}
      </a>
    </li>
  )
}

function Programs() {
  const shown = program.value
  const all = me.value?.programs ?? []
  return (
    <div class="programs">
      {all.length > 1 ? (
        <select
          aria-label="Program"
          value={shown?.id}
          onChange={event => go(`/console/${event.currentTarget.value}/${place.peek().path.split('/')[3] ?? 'overview'}`)}
        >
          {all.map(each => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      ) : (
        <strong>{shown?.name}</strong>
      )}
      {shown?.mode === 'test' && <span class="tag">Test</span>}
    </div>
  )
}
