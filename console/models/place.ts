import { computed, signal } from '@preact/signals'

// Where in the console somebody is, which is what the browser's address says and nothing else: it can be kept, sent to
// a colleague, and gone back to.

const read = () => ({ path: location.pathname, query: new URLSearchParams(location.search), turn: 'load' as Turn })
type Turn = 'load' | 'push' | 'replace' | 'back'

export const place = signal(read())

/** `/console/prog_1/partners/ptr_2` is `['prog_1', 'partners', 'ptr_2']`. */
export const parts = computed(() => place.value.path.split('/').slice(2).filter(Boolean).map(decode))

type Going = { replace?: boolean; keep?: boolean }

/** Goes to an address of the console. `keep` leaves the page where it is scrolled to, as for what opens beside it. */
export function go(to: string, { replace = false, keep = false }: Going = {}) {
  history.replaceState({ ...history.state, top: scrollY }, '')
  if (replace) history.replaceState({ ...history.state }, '', to)
  else history.pushState({ top: 0, depth: depth() + 1 }, '', to)
  place.value = { ...read(), turn: replace ? 'replace' : 'push' }
  if (!keep && !replace) scrollTo(0, 0)
}

/** Changes what the address asks for; what is empty is left out. */
export function goQuery(change: Record<string, string | undefined>, how: Going = { replace: true, keep: true }) {
  const query = new URLSearchParams(place.peek().query)
  for (const [name, value] of Object.entries(change)) value ? query.set(name, value) : query.delete(name)
  const text = query.toString()
  go(place.peek().path + (text && `?${text}`), how)
}

/** To where somebody came from within the console; to `otherwise` where they came in by a link. */
export function goBack(otherwise: string) {
  if (depth() > 0) history.back()
  else go(otherwise, { replace: true })
}

/** An address with the query of the one that is shown, for what opens beside a list. */
export const beside = (to: string) => to + location.search

const depth = () => Number(history.state?.depth ?? 0)

/** Follows links within the console, and the browser's own buttons. Once, at the start. */
export function follow() {
  history.scrollRestoration = 'manual'
  addEventListener('popstate', () => {
    place.value = { ...read(), turn: 'back' }
    const { top } = Object(history.state)
    // Two frames: what was read before stands there again by then.
    if (typeof top === 'number') requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, top)))
  })
  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.hash && link.pathname === location.pathname) return
    if (!/^\/console(\/|$)/.test(link.pathname)) return
    event.preventDefault()
    go(link.pathname + link.search, { keep: link.dataset.keep !== undefined, replace: link.dataset.replace !== undefined })
  })
}

function decode(part: string) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
