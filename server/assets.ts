import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import { Hono } from 'hono'

type Asset = {
  body: Buffer<ArrayBuffer>
  gzip: Buffer<ArrayBuffer>
  brotli: Buffer<ArrayBuffer>
  type: string
  etag: string
  forEver: boolean
}

/**
 * The built browser files, held in memory with their compressed forms. Any page may load them. A name with a hash in
 * it never changes; the others are asked for again after five minutes.
 */
export function assets(folder: URL, snippetPath: string) {
  const files = new Map<string, Asset>()
  const snippet = new URL('snippet/m.js', folder)
  if (existsSync(snippet)) {
    files.set('/m.js', read(snippet))
    files.set(snippetPath, read(snippet))
  }
  const widget = new URL('widget/', folder)
  const names = existsSync(widget) ? readdirSync(widget).filter(name => name.endsWith('.js')) : []
  for (const name of names) files.set(`/${name}`, read(new URL(name, widget)))

  const routes = new Hono()
  for (const [path, asset] of files) {
    routes.get(path, c => {
      const headers = {
        'content-type': asset.type,
        'cache-control': asset.forEver
          ? 'public, max-age=31536000, immutable'
          : 'public, max-age=300, stale-while-revalidate=86400',
        etag: asset.etag,
        vary: 'Accept-Encoding',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'timing-allow-origin': '*',
      }
      if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers)
      const accepted = c.req.header('accept-encoding') ?? ''
      if (/\bbr\b/.test(accepted)) return c.body(asset.brotli, 200, { ...headers, 'content-encoding': 'br' })
      if (/\bgzip\b/.test(accepted)) return c.body(asset.gzip, 200, { ...headers, 'content-encoding': 'gzip' })
      return c.body(asset.body, 200, headers)
    })
  }
  return { routes, names: [...files.keys()] }
}

function read(file: URL): Asset {
  const body = readFileSync(file) as Buffer<ArrayBuffer>
  return {
    body,
    gzip: gzipSync(body, { level: 9 }) as Buffer<ArrayBuffer>,
    brotli: brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } }) as Buffer<ArrayBuffer>,
    type: 'text/javascript; charset=utf-8',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    forEver: /-[\w-]{8,}\.js$/.test(file.pathname),
  }
}
