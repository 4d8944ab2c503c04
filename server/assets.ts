import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { packed } from './packed.ts'

type Asset = {
  send: ReturnType<typeof packed>
  type: string
  etag: string
  kept: Kept
}
type Kept = boolean | 'with its page'

const HASHED = /-[\w-]{8,}\.js$/

type File = { src: string; integrity: string }

/**
 * The built browser files, held in memory. Any page may load them. A name with a hash in
 * it never changes; the others are asked for again after five minutes, the console's with its page. `/m.json` tells under
 * which names the snippet may be pinned, and with which integrity.
 */
export function assets(folder: URL, snippetPath: string) {
  const files = new Map<string, Asset>()
  const releases: Record<'current' | 'earlier' | 'parts', File[]> = { current: [], earlier: [], parts: [] }
  for (const [name, file] of built(new URL('snippet/', folder))) {
    if (name === 'm.js') {
      const pinned = `/m.${contentHash(readFileSync(file))}.js`
      files.set('/m.js', asset(readFileSync(file), false))
      files.set(snippetPath, asset(readFileSync(file), false))
      files.set(pinned, asset(readFileSync(file), true))
      releases.current.push(tellOf(pinned, file))
    } else {
      files.set(`/${name}`, asset(readFileSync(file), true))
      // The snippet looks for it beside itself.
      files.set(new URL(name, `http://here${snippetPath}`).pathname, asset(readFileSync(file), true))
      releases[name.startsWith('m.') ? 'earlier' : 'parts'].push(tellOf(`/${name}`, file))
    }
  }
  for (const [name, file] of [...built(new URL('widget/', folder)), ...built(new URL('classic/', folder))])
    files.set(`/${name}`, asset(readFileSync(file), HASHED.test(name)))
  // What stands in a page of this server's own is asked for with it, so that after an upgrade nothing old looks for a part
  // that is no longer there.
  for (const [name, file] of built(new URL('console/', folder), /\.(js|css)$/)) {
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript'
    files.set(`/${name}`, asset(readFileSync(file), HASHED.test(name) || 'with its page', type))
  }
  const [current] = releases.current
  // The newest was perhaps kept as a release already.
  releases.earlier = releases.earlier.filter(({ src }) => src !== current?.src)
  if (current) {
    const told = JSON.stringify({ ...current, parts: releases.parts, earlier: releases.earlier }, null, 2)
    files.set('/m.json', asset(Buffer.from(told), false, 'application/json'))
  }

  const routes = new Hono()
  for (const [path, file] of files) routes.get(path, c => answer(c, file))
  return { routes, names: [...files.keys()] }
}

function answer(c: Context, file: Asset): Response | Promise<Response> {
  const headers = {
    'content-type': file.type,
    'cache-control': caching(file.kept),
    etag: file.etag,
    vary: 'Accept-Encoding',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'timing-allow-origin': '*',
  }
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers)
  return file.send(c, headers)
}

function caching(kept: Kept) {
  if (kept === 'with its page') return 'no-cache'
  return kept ? 'public, max-age=31536000, immutable' : 'public, max-age=300, stale-while-revalidate=86400'
}

function built(folder: URL, kind = /\.js$/) {
  const names = existsSync(folder) ? readdirSync(folder).filter(name => kind.test(name)) : []
  return names.map(name => [name, new URL(name, folder)] as const)
}

/** What stands in the name of a snippet that never changes. */
export const contentHash = (body: Buffer) => createHash('sha256').update(body).digest('hex').slice(0, 12)

function tellOf(src: string, file: URL): File {
  return { src, integrity: `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}` }
}

function asset(body: Buffer, kept: Kept, type = 'text/javascript'): Asset {
  return {
    send: packed(body),
    type: `${type}; charset=utf-8`,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    kept,
  }
}
