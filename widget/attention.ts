/** Calls back when somebody returns to the page, when its network does, and every half minute that it is in sight. */
export function whileWatched(look: () => void, everyMs = 30_000) {
  const ending = new AbortController()
  const { signal } = ending
  const lookIfSeen = () => {
    if (document.visibilityState === 'visible') look()
  }
  document.addEventListener('visibilitychange', lookIfSeen, { signal })
  for (const event of ['focus', 'online']) addEventListener(event, lookIfSeen, { signal })
  const timer = setInterval(lookIfSeen, everyMs)
  return () => {
    ending.abort()
    clearInterval(timer)
  }
}
