// The tag on the host's pages. A guest: it imports nothing, asks nothing of the page, and whatever fails here fails
// in silence. Each byte is loaded by every visitor, so repeated words are kept alike for gzip's sake.

type Api = { code?: string; clickId?: string; ready: (fn: Callback) => void; push: (fn: Callback) => void }
type Callback = (api: Api) => void
type Reply = { clickId: string; expiresAt: string }

const attempt = <T>(act: () => T) => {
  try {
    return act()
  } catch {}
}

attempt(() => {
  // Only known while the script's first run lasts.
  const script = document.currentScript as HTMLScriptElement
  const { key, api: base, params, days, domain, attribution } = script.dataset
  const queue = (window as { mislata?: Callback[] | Api }).mislata
  const labels = location.hostname.split('.')
  // Shortest first: browsers refuse a public suffix, so the first that sticks is the registrable domain. The empty one
  // stands for the host alone, where nothing else is taken.
  const domains = domain ? [domain, ''] : [...labels.map((_, i) => labels.slice(~i).join('.')), '']
  let seen: string | undefined

  const ready = (fn: Callback) => {
    try {
      fn(api)
    } catch (error) {
      console.error(error)
    }
  }
  const api: Api = { ready, push: ready }

  const remember = (code: string, clickId: string, expiresAt?: string) => {
    const cookie = `mislata_ref=${code}.${clickId}`
    const seconds = (Date.parse(expiresAt as string) - Date.now()) / 1000
    api.code = code
    api.clickId = clickId
    attempt(() => {
      sessionStorage[`mislata_ref=${code}`] = clickId
    })
    attempt(() => {
      do {
        // A browser drops a Max-Age that is not whole.
        document.cookie = `${cookie};Max-Age=${(seconds > 0 ? seconds : (+days! || 30) * 86400) | 0};Path=/;SameSite=Lax;Domain=${domains[0]}${location.protocol === 'https:' ? ';Secure' : ''}`
      } while (!document.cookie.includes(cookie) && domains.shift())
    })
  }

  const capture = () =>
    attempt(() => {
      const query = new URLSearchParams(location.search)
      const code = (params || 'ref')
        .split(',')
        .map(name => query.get(name.trim()) || '')
        .find(value => /^[a-z\d][\w.~-]{0,63}$/i.test(value))
      if (!code || code === seen || (attribution === 'first' && api.code)) return
      seen = code
      const known = attempt(() => sessionStorage[`mislata_ref=${code}`] as string | undefined)
      const clickId = known || `clk_${Date.now().toString(36)}${crypto.getRandomValues(new Uint32Array(3)).join('')}`
      if (clickId !== api.clickId) remember(code, clickId)
      if (known) return
      fetch((base || new URL(script.src).origin).replace(/\/?$/, '/referrals/click'), {
        method: 'POST',
        keepalive: true,
        body: JSON.stringify({ key, code, clickId, url: location.href, referrer: document.referrer }),
      })
        .then(reply => reply.json())
        .then((reply: Reply) => {
          if (api.code === code && /^clk_\w+$/.test(reply.clickId)) remember(code, reply.clickId, reply.expiresAt)
        })
        .catch(() => {})
    })

  const start = () => {
    const [, , code, clickId] = attempt(() => document.cookie.match(/(^|; )mislata_ref=([\w.~-]+)\.(clk_\w+)/)) || []
    api.code = code
    api.clickId = clickId
    if (top === self) {
      capture()
      for (const name of ['pushState', 'replaceState'] as const) {
        const original = history[name]
        history[name] = function (...args) {
          original.apply(this, args)
          capture()
        }
      }
      addEventListener('popstate', capture)
    }
    if (!queue || Array.isArray(queue)) {
      ;(window as { mislata?: Callback[] | Api }).mislata = api
      queue?.forEach(ready)
    }
  }

  if ('prerendering' in document && document.prerendering) document.addEventListener('prerenderingchange', start)
  else start()
})
