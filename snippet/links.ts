import type { Api, Click } from './index.ts'

// The second file, for pages that ask for it: what carries the click in links to the host's other sites and in Stripe's
// elements. As small as the first, and for the same reason.

type Link = (address: string, name?: string, value?: string) => string

export const on = (
  api: Omit<Api, 'link'> & { link: Link },
  settings: DOMStringMap,
  remember: (click: Click) => void,
  allowed: boolean,
) => {
  const listed = (place: { hostname: string }) =>
    settings.linkDomains?.split(',').find(domain => ('.' + place.hostname).endsWith('.' + domain))

  const decorate = () => {
    if (settings.stripe && api.code)
      document
        .querySelectorAll<HTMLAnchorElement>('a[href*="/buy.stripe.com/"],stripe-pricing-table,stripe-buy-button')
        .forEach(element => {
          // Once, because Stripe's elements draw themselves anew. The page's own reference stays.
          if (!element.outerHTML.match(api.clickId + '|reference.id=(?!"?clk_)'))
            if (element.href)
              // Of the code and the id, only the id is made of letters that Stripe accepts.
              element.href = api.link(element.href, 'client_reference_id', api.clickId)
            else element.setAttribute('client-reference-id', api.clickId!)
        })
  }

  api.link = (address, name = 'mislata_ref', value = `${api.code}.${api.clickId}_${+new Date()}`) => {
    try {
      const url = new URL(address, location as unknown as URL)
      url.searchParams.set(name, value)
      if (api.code) return url.href
    } catch {}
    return address
  }

  // As late as can be: a page may write its links anew at any time, and what is handed over is soon stale.
  const before = (event: Event) => {
    const link = (event.target as Element).closest?.('a')
    if (link && listed(link) && listed(link) != listed(location)) link.href = api.link(link.href)
  }
  addEventListener('mousedown', before, true)
  addEventListener('click', before, true)
  setInterval(decorate, 999, decorate())

  // From another site of the host's, and not from an address that was passed on.
  const [, code, clickId, at] = /mislata_ref=(.+)\.(clk_\w+)_(\d+)/.exec(location as unknown as string) || []
  const consent = api.consent
  if (
    listed(location) &&
    ((new Date() as unknown as number) - (at as unknown as number)) ** 2 < 1e10 &&
    // Ids begin with their time: a click of this site's own stays where it is the later one.
    !(settings.attribution == 'first' ? api.code : api.clickId! > clickId!)
  )
    if (allowed) remember({ code, clickId })
    // Once: what the visitor says later is of later clicks.
    else
      api.consent = given => {
        api.consent = consent
        return consent(given).then(() => given && remember({ code, clickId })) as Promise<void>
      }
}
