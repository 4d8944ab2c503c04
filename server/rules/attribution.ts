const dayMs = 86_400_000

/** The cookie's value, `<code>.<clickId>`. A code may itself have dots, a click id never has. */
export function parseRef(ref: string): { code: string; clickId: string | null } {
  const value = ref.trim()
  const dot = value.lastIndexOf('.')
  const tail = value.slice(dot + 1)
  return dot > 0 && tail.startsWith('clk_') ? { code: value.slice(0, dot), clickId: tail } : { code: value, clickId: null }
}

/**
 * True for a payment that a referral may have brought, by when Stripe says that it was made. One that the host itself tells
 * of counts in any case, and so does any where Stripe did not make the referral.
 */
export function countsFor({ countsFrom }: { countsFrom: string | null }, toldAt: string | null) {
  return countsFrom === null || toldAt === null || toldAt >= countsFrom
}

/** From when payments count for a referral that something at `at` has made: a day before, as long as a checkout may be open. */
export function countsFromOf(at: string) {
  return new Date(Date.parse(at) - dayMs).toISOString()
}

/** Until when a click counts. */
export function expiresAt(clickedAt: string, cookieDurationDays: number) {
  return new Date(Date.parse(clickedAt) + cookieDurationDays * dayMs).toISOString()
}

/**
 * Since when a program's clicks are certainly kept: for `retentionDays`, and a day longer than they count, so that no server
 * forgets what another would still credit. Null where they are kept for ever.
 */
export function keptSince(
  now: Date,
  { retentionDays, cookieDurationDays }: { retentionDays: number; cookieDurationDays: number },
) {
  if (retentionDays === 0) return null
  return new Date(now.getTime() - Math.max(retentionDays, cookieDurationDays + 1) * dayMs).toISOString()
}

/** Of several clicks that still count, the one that is credited. */
export function winner<T extends { at: string }>(clicks: T[], attribution: 'first' | 'last') {
  const ordered = [...clicks].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return attribution === 'first' ? ordered[0] : ordered.at(-1)
}

// Flags that an advertising network leaves in an address: kept, because they tell bought visits from earned ones.
const adFlags = ['gclid', 'gbraid', 'wbraid', 'msclkid', 'fbclid', 'ttclid', 'twclid', 'li_fat_id', 'yclid', 'dclid']

/** A landing address without what it must not tell: no fragment, no user, and of the query only utm_*, ref and ad-click flags. */
export function cleanUrl(raw: string | null | undefined) {
  const url = raw ? URL.parse(raw) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  const kept = new URLSearchParams()
  for (const [name, value] of url.searchParams) {
    if (name === 'ref' || name.startsWith('utm_')) kept.append(name.slice(0, 40), value.slice(0, 120))
    // The flag's value identifies a person; that it was there is all that matters.
    else if (adFlags.includes(name)) kept.append(name, '1')
  }
  const query = kept.size ? `?${kept}` : ''
  return `${url.origin}${url.pathname}${query}`.slice(0, 1024)
}

/** The campaign that a landing address names by itself. */
export function campaignOf(url: string | null) {
  return (url?.includes('utm_campaign=') && URL.parse(url)?.searchParams.get('utm_campaign')?.trim()) || null
}

/** Where a visitor came from: the host and nothing more. */
export function referrerHost(raw: string | null | undefined) {
  const url = raw ? URL.parse(raw) : null
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.hostname.slice(0, 255) : null
}
