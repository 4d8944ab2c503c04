import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

const style = `
:root{color-scheme:light dark;--bg:#fff;--soft:#fafaf9;--fg:#1c1917;--muted:#6b6560;--line:#e7e5e4;--accent:#0f766e;--on:#fff;--bad:#b91c1c}
@media (prefers-color-scheme:dark){:root{--bg:#1b1917;--soft:#23201e;--fg:#f5f5f4;--muted:#a8a29e;--line:#35312e;--accent:#2dd4bf;--on:#042f2e;--bad:#f87171}}
*{box-sizing:border-box}
body{margin:0;background:var(--soft);color:var(--fg);font:400 16px/24px system-ui,sans-serif}
main{max-width:640px;margin:32px auto;padding:32px;background:var(--bg);border:1px solid var(--line);border-radius:12px}
@media (max-width:680px){main{margin:0;min-height:100vh;padding:24px 20px;border:0;border-radius:0}}
h1{margin:0 0 8px;font-size:22px;line-height:30px;font-weight:600}
h2{margin:32px 0 8px;font-size:16px;line-height:24px;font-weight:600}
p{margin:0 0 16px}.muted{color:var(--muted);font-size:14px;line-height:20px}.fault{margin:4px 0 0;color:var(--bad);font-size:14px;line-height:20px}
a{color:var(--accent)}
label{display:block;margin:20px 0 4px;font-size:14px;line-height:20px;font-weight:500}
input{width:100%;min-height:44px;padding:8px 12px;border:1px solid #8a847e;border-radius:6px;background:var(--bg);color:inherit;font:inherit}
[aria-invalid]{border-color:var(--bad)}
input:focus-visible,button:focus-visible,a:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button,.go{width:100%;min-height:44px;margin-top:24px;padding:8px 16px;border:0;border-radius:6px;background:var(--accent);color:var(--on);font:500 16px/24px inherit;font-family:inherit;cursor:pointer}
.go{display:block;margin:0 0 8px;padding:10px 16px;text-align:center;text-decoration:none}
pre{margin:0 0 16px;padding:12px;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;background:var(--soft);border:1px solid var(--line);border-radius:8px;font:14px/20px ui-monospace,monospace}
dl{margin:0}dt{margin-top:16px;font:500 14px/20px ui-monospace,monospace}dd{margin:0;color:var(--muted);font-size:14px;line-height:20px}
`

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** One of the few pages that this server shows by itself. It runs no script and loads nothing. */
export function page(c: Context, title: string, body: ReturnType<typeof html>, status: 200 | 404 | 422 = 200) {
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src ${styleHash}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  )
  c.header('cache-control', 'no-store')
  return c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title><style>${raw(style)}</style></head><body><main>${body}</main></body></html>`,
    status,
  )
}
