import { signal } from '@preact/signals'

// Where storage is forbidden or full, the token lives as long as the page does.
const inMemory = new Map<string, string>()

/** Grows with each change, so that several elements on one page agree. */
export const changes = signal(0)

const name = (publishableKey: string) => `mislata:application:${publishableKey}`

/** The token by which this browser may ask for the state of its own application. */
export function tokenFor(publishableKey: string): string {
  const held = inMemory.get(name(publishableKey))
  if (held) return held
  try {
    return localStorage.getItem(name(publishableKey)) ?? ''
  } catch {
    return ''
  }
}

/** Keeps the token; an empty one forgets it. */
export function keepToken(publishableKey: string, token: string) {
  inMemory.set(name(publishableKey), token)
  try {
    if (token) localStorage.setItem(name(publishableKey), token)
    else localStorage.removeItem(name(publishableKey))
  } catch {
    // It is in memory.
  }
  changes.value++
}
