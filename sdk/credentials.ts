/** Who may make a call, in the words of the documentation. */
export type Who = 'secret' | 'publishable' | 'partner' | 'session' | 'admin'

export type Credentials = {
  /** A secret (`mislata_sk_…`), publishable (`mislata_pk_…`) or partner (`mislata_pa_…`) key. */
  apiKey?: string | undefined
  /** A customer's session, or an admin's token. */
  token?: string | undefined
  /** Where to get one; asked again when the server says that the last one is no longer good. */
  getToken?: (() => string | Promise<string>) | undefined
}

/**
 * What goes with each request. A client may hold a key and a token at once; each call takes the one that may make it.
 * Throws where a page holds a key that only a backend may have.
 */
export function credentials({ apiKey, token, getToken }: Credentials) {
  const kind = apiKey === undefined ? undefined : kindOf(apiKey)
  if (kind && kind !== 'publishable' && isPage())
    throw new TypeError(
      'A secret key must not be on a page: whoever opens it could take the key. Use a publishable key (mislata_pk_…) or a session there.',
    )
  if (apiKey === undefined && token === undefined && !getToken)
    throw new TypeError('Mislata needs a credential: apiKey, token or getToken.')

  let kept: Promise<string> | undefined
  const current = async () => {
    if (!getToken) return token
    kept ??= Promise.resolve(getToken())
    try {
      return await kept
    } catch (error) {
      kept = undefined
      throw error
    }
  }

  return {
    /** `remembers`: the server keeps the answers to this caller's posts by their Idempotency-Key. */
    async for(who: readonly Who[]): Promise<{ header: Record<string, string>; remembers: boolean }> {
      const byKey = kind && who.includes(kind)
      const byToken = (token !== undefined || getToken) && (who.includes('session') || who.includes('admin'))
      if (apiKey !== undefined && (byKey || !byToken))
        return { header: keyHeader(apiKey, kind), remembers: kind !== 'publishable' }
      return { header: { authorization: `Bearer ${await current()}` }, remembers: who.includes('admin') }
    },
    /** True where another token may be had; the one that was refused is forgotten, one that came since is not. */
    async renew({ authorization }: Record<string, string>) {
      if (!getToken || !authorization) return false
      if (kept && authorization === `Bearer ${await kept.catch(() => '')}`) kept = undefined
      return true
    },
  }
}

function kindOf(key: string): 'secret' | 'publishable' | 'partner' {
  if (key.includes('_pk_')) return 'publishable'
  return key.includes('_pa_') ? 'partner' : 'secret'
}

function keyHeader(key: string, kind?: Who): Record<string, string> {
  return kind === 'partner' ? { authorization: `Bearer ${key}` } : { 'x-api-key': key }
}

function isPage() {
  return 'window' in globalThis || 'document' in globalThis
}
