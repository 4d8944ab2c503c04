import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import type { Context } from 'hono'

const ways = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 9 }),
}

/**
 * The answer with a body that never changes, as small as its reader understands. The best compression takes long, so it is
 * done once, for the first who asks, and in another thread.
 */
export function packed(body: Buffer) {
  const made: { [way in keyof typeof ways]?: Promise<Buffer> } = {}
  return async (c: Context, headers: Record<string, string>): Promise<Response> => {
    const accepted = c.req.header('accept-encoding') ?? ''
    const way = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null
    if (!way) return c.body(body as Buffer<ArrayBuffer>, 200, { ...headers, vary: 'Accept-Encoding' })
    made[way] ??= ways[way](body)
    const small = (await made[way]) as Buffer<ArrayBuffer>
    return c.body(small, 200, { ...headers, vary: 'Accept-Encoding', 'content-encoding': way })
  }
}
