// The tag on the host's pages: it imports nothing, and whatever fails here, the page never hears of it. Each visitor
// loads each byte of it, so of two right ways the one that compresses better stands here: words that must be long come
// again (`document.`, `.match(`), because a word's second time is nearly free.

type Callback = (api: Api) => void
type Api = { code?: string; clickId?: string; ready: (fn: Callback) => void; push: (fn: Callback) => void }
type Click = { code: string; clickId: string; expiresAt?: string }

declare global {
  interface Window {
    mislata?: Api | Callback[]
  }
}

// Built without a function around it: what is declared within `try` stays within.
try {
  // Known only while the script runs for the first time.
  const { src, dataset: settings } = document.currentScript as HTMLScriptElement
  const queue = (self.mislata || []) as Callback[]
  // The host's name; `location.hostname` costs seven bytes more.
  const labels = document.domain.split('.')
  let domain = settings.domain || labels.pop()
  // What a code and a click id look like, be they from the address, from the cookie or from the server.
  const cookie = /mislata_ref=([^\W_][\w.~-]{0,63})\.(clk_\w+)/
  // Async, so that a callback that throws is a rejection for the page to see, and the next one is called all the same.
  const ready = async (fn: Callback) => fn(api)
  const api: Api = { ready, push: ready }
  // What this tab has told of; no more than this page where storage is forbidden.
  let visit: { mislata?: string } = {}

  const remember = (click: Click) => {
    // No match throws, and `capture` catches.
    ;[, api.code, api.clickId] = `mislata_ref=${click.code}.${click.clickId}`.match(cookie) as RegExpMatchArray
    for (;;) {
      document.cookie = `mislata_ref=${api.code}.${api.clickId};Max-Age=${((+new Date(click.expiresAt!) - +new Date() || 864e5 * ((settings.days || 30) as number)) / 1e3) | 0};Path=/;SameSite=Lax;Domain=${domain};${document.URL[4] === 's' && 'Secure'}`
      // From `com` upwards: browsers refuse a public suffix, so the first domain that sticks is the registrable one.
      if (document.cookie.match(api.clickId!) || !labels[0]) break
      domain = labels.pop() + '.' + domain
    }
  }

  const capture = async () => {
    try {
      const code = (settings.params || 'ref')
        .split(',')
        .map(name => new URL(document.URL).searchParams.get(name))
        .find(value => value)
      if (code && code !== visit.mislata && (settings.attribution !== 'first' || !api.code)) {
        // The digits after `0.` of a random number; of `1e-7` the pattern takes what it can.
        remember({ code, clickId: 'clk_' + +new Date() + (Math.random() + '').slice(2) })
        visit.mislata = code
        // The server may know better: the click that it counted before, or the code that came first.
        remember(
          await (
            await fetch(new URL((settings.api || '') + '/referrals/click', src), {
              method: 'POST',
              keepalive: true,
              // A string travels as text/plain, which needs no preflight.
              body: JSON.stringify({ ...api, key: settings.key, url: document.URL, referrer: document.referrer }),
            })
          ).json(),
        )
      }
    } catch {}
  }

  try {
    visit = sessionStorage as typeof visit
  } catch {}
  if (top === self) {
    ;[, api.code, api.clickId] = document.cookie.match(cookie) || []
    capture()
    // A list of callbacks, or nothing yet. Whatever else has the name belongs to the page.
    if (queue.map) {
      self.mislata = api
      queue.map(ready)
    }
    // Last, because browsers before 2026 may not have it: there a code counts when its page is loaded.
    navigation.addEventListener('currententrychange', capture)
  }
} catch {}
