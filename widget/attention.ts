/** Calls back when somebody returns to the page, when its network does, and every half minute that it is in sight. */
export function whileWatched(look: () => void) {
  const ending = new AbortController()
  const { signal } = ending
  const lookIfSeen = () => {
    if (document.visibilityState === 'visible') look()
  }
  document.addEventListener('visibilitychange', lookIfSeen, { signal })
  for (const event of ['focus', 'online']) addEventListener(event, lookIfSeen, { signal })
  const timer = setInterval(lookIfSeen, 30_000)
  return () => {
    ending.abort()
    clearInterval(timer)
  }
}
