// The tag on the host's pages: it imports nothing, and whatever fails here, the page never hears of it. Each visitor loads
// each byte of it, so of two right ways the one that compresses better stands here: words that must be long come again
// (`document.`, `.match(`), because a word's second time is nearly free.

import type { Api, Callback } from './api.ts'

export type { Api }
export type Click = { code?: string; clickId?: string; url?: string; referrer?: string; key?: string; expiresAt?: string }

declare global {
  interface Document {
    prerendering?: boolean
  }
  interface Navigator {
    globalPrivacyControl?: boolean
  }
}

/** In an app's own bundle all that follows is this function, and the script is what the app says: `mount.ts`. */
export declare function run(script: { src: string; dataset: DOMStringMap }): void

// Built without a function around it: what is declared within `try` stays within.
try {
  // Known only while the script runs for the first time.
  const script = document.currentScript as HTMLScriptElement
  const settings = script.dataset
  // What a code and a click id look like, be they from the address, from the cookie or from the server.
  const cookie = /mislata_ref=(\w[\w.~-]{0,63})\.(clk_\w+)/
  // A click that has come, and is neither kept nor told yet.
  let held = '' as Click
  // The address that was looked at last.
  let seen: string
  // Whoever's browser objects is asked like one whose consent is required.
  let allowed = !settings.consent && !navigator.globalPrivacyControl

  // Async, so that a callback that throws is a rejection for the page to see, and the next one is called all the same.
  const ready = async (fn: Callback) => fn(api)
  // What is done before an await is done when it returns. What fails is nobody's.
  const quiet =
    <T>(act: (argument: T) => unknown) =>
    async (argument?: T) => {
      try {
        await act(argument as T)
      } catch {}
    }

  // Keeps the click, or without a time forgets it.
  const write = (ms?: number) =>
    // From `.com` upwards: browsers refuse a public suffix, so the first domain that sticks is the registrable one.
    document.domain
      .split(/(?=\.)/)
      .map(
        (_, i, labels) =>
          (ms && document.cookie.match(cookie)) ||
          (document.cookie = `mislata_ref=${api.code}.${api.clickId};SameSite=Lax;Path=/;Max-Age=${(ms! / 1e3) | 0};Domain=${settings.domain || labels.slice(~i).join('')};${document.URL[4] == 's' && 'Secure'}`),
      )

  const remember = (click: Click) => {
    // No match throws, and `quiet` catches.
    ;[, api.code, api.clickId] = `mislata_ref=${click.code}.${click.clickId}`.match(cookie) as RegExpMatchArray
    // What was kept before, perhaps on another domain, would be seen in place of this.
    write()
    write(
      (new Date(click.expiresAt!) as unknown as number) - (new Date() as unknown as number) ||
        864e5 * ((settings.days || 30) as number),
    )
  }

  const capture = quiet(async () => {
    let code: string | null | undefined
    const clickId = 'clk_' + +new Date() + Math.random() * 2 ** 53
    const url = new URL((seen = document.URL))
    // biome-ignore lint/suspicious/useIterableCallbackReturn: `map` stands here again.
    ;(settings.params || 'ref').split(',').map(name => {
      code ||= url.searchParams.get(name)
      url.searchParams.delete(name)
    })
    // Another tab, or the host's server, may know another one by now.
    // biome-ignore lint/suspicious/noSparseArray: what a match begins with is not looked at.
    ;[, api.code, api.clickId] = document.cookie.match(cookie) || [, api.code, api.clickId]
    if (
      code &&
      code != held.code &&
      // Ids begin with their time: the same code in the same 10,000 seconds is the same click, whoever has told of it.
      `${api.code}.${api.clickId}`.search(code + '.' + clickId.slice(0, 10)) &&
      !(settings.attribution == 'first' && (api.code || held))
    )
      held = { code, referrer: document.referrer, clickId, url: seen, key: settings.key }
    if (allowed) {
      // An attribute without a value is empty, and one that is not there is no number.
      code && settings.cleanUrl! + 1 && history.replaceState(history.state, '', url)
      const click = held
      held = '' as Click
      // Ends here where there is none.
      remember(click)
      const reply = await fetch(new URL((settings.api || '') + '/referrals/click', script.src), {
        // A string travels as text/plain, which needs no preflight.
        body: JSON.stringify(click),
        keepalive: true,
        method: 'POST',
      })
      // The server may know better: the click that it counted before, or the code that came first.
      allowed && remember(await reply.json())
    }
  })

  const api: Api = {
    attach: quiet(form => {
      form.addEventListener('formdata', event => {
        if (api.code) {
          ;(event as FormDataEvent).formData.set('mislata_ref', `${api.code}.${api.clickId}`)
          ;(event as FormDataEvent).formData.set('mislata_click', api.clickId!)
        }
      })
    }),
    consent: quiet(given => {
      allowed = given
      given || write((held = api.code = api.clickId = '' as Click & string) as unknown as undefined)
      capture()
    }),
    push: ready,
    ready,
    // The second file knows better.
    link: url => url,
  }

  const start = quiet(async () => {
    capture()
    // A page that comes back as it was left may have been left long ago.
    addEventListener('pageshow', capture)
    // A list of callbacks, or nothing yet. Whatever else has the name belongs to the page.
    ;((self.mislata || []) as Callback[]).map?.(ready, (self.mislata = api))
    settings.forms && api.attach(self)
    // Browsers before 2026 may not tell of navigation. Their history is the page's all the same, and is not wrapped. A page
    // that is left open is no other visit, however long it stays.
    self.navigation
      ? navigation.addEventListener('currententrychange', capture)
      : setInterval(() => seen == document.URL || capture(), 1e3)
    if (settings.linkDomains || settings.stripe)
      (await import(/* @vite-ignore */ new URL('THE_SECOND_FILE', script.src) as unknown as string)).on(
        api,
        settings,
        remember,
        allowed,
      )
  })

  if (top == self && !navigator.userAgent.match(/[^u]bot|http/i))
    document.prerendering ? document.addEventListener('prerenderingchange', start) : start()
} catch {}
