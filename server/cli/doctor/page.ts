export type Tag = Record<string, string>

/** The tags of a name in a page, each as its attributes; what stands in comments is not there. */
export function tagsIn(html: string, name: string): Tag[] {
  const shown = html.replace(/<!--[\s\S]*?-->/g, '')
  const found = shown.matchAll(new RegExp(`<${name}(?=[\\s/>])((?:"[^"]*"|'[^']*'|[^'">])*)>`, 'gi'))
  return [...found].map(([, attributes = '']) => attributesOf(attributes))
}

function attributesOf(text: string): Tag {
  const found: Tag = {}
  for (const [, name = '', double, single, bare] of text.matchAll(
    /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g,
  ))
    found[name.toLowerCase()] ??= (double ?? single ?? bare ?? '').replaceAll('&amp;', '&')
  return found
}

export type Page = { url: string; status: number; headers: Headers; html: string; hops: Hop[] }
export type Hop = { from: string; to: string; status: number }

const LONGEST = 2_000_000
const PATIENCE_MS = 10_000
// A browser's, because some sites answer others differently.
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36 (mislata doctor)'

/** A page as a browser gets it, with every redirect on the way there. Throws where nobody answers. */
export async function pageAt(address: string): Promise<Page> {
  const hops: Hop[] = []
  for (let url = address; hops.length <= 10; ) {
    const reply = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'user-agent': BROWSER },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const location = reply.headers.get('location')
    if (reply.status < 300 || reply.status >= 400 || !location) {
      return { url, status: reply.status, headers: reply.headers, html: (await reply.text()).slice(0, LONGEST), hops }
    }
    await reply.body?.cancel()
    const to = new URL(location, url).href
    hops.push({ from: url, to, status: reply.status })
    url = to
  }
  throw new Error('it redirects more than ten times')
}
