import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import type { Settings } from '../contract/programs.ts'
import type { Speech } from './portal-language.ts'

type Html = ReturnType<typeof html>
type Look = {
  /** The language that it is in. */
  speech: Speech
  title: string
  /** Whose page it is; null where that is not known. */
  brand: Settings['brand'] | null
  body: Html
  /** The page loads the widget and the program's logo. Otherwise it loads nothing that others would notice. */
  whole?: boolean
  status?: 200 | 404 | 410 | 422 | 429
}

/** A page of a program, in its accent colour. It takes scripts from this server only, and none that stand in it. */
export function branded(c: Context, { speech, title, brand, body, whole = false, status = 200 }: Look) {
  const style = styled(brand?.accent)
  const logo = whole && brand?.logoUrl ? new URL(brand.logoUrl).origin : "'none'"
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${hash}'`,
    `connect-src ${whole ? "'self'" : "'none'"}`,
    `img-src ${logo}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]
  c.header('content-security-policy', policy.join('; '))
  c.header('referrer-policy', 'no-referrer')
  c.header('cache-control', 'no-store')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('vary', 'accept-language', { append: true })
  const scripts = whole ? html`<script type="module" src="/widget.js"></script>` : ''
  return c.html(
    html`<!doctype html><html lang="${speech.lang}" dir="${speech.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title><style>${raw(style)}</style><script type="module" src="/portal.js"></script>${scripts}</head><body>${body}</body></html>`,
    status,
  )
}

// Day and night as the widget has them: the accent is lightened by night, and what stands on it is black or white,
// whichever reads better. A logo is drawn for a light ground, so it gets one by night as well.
const styled = (accent = '#0f766e') => `
:root{color-scheme:light dark;--bg:light-dark(#fff,#1b1917);--soft:light-dark(#fafaf9,#141210);--fg:light-dark(#1c1917,#f5f5f4);--muted:light-dark(#6b6560,#a8a29e);--line:light-dark(#e7e5e4,#35312e);--edge:light-dark(#8a847e,#8a847e);--bad:light-dark(#b42318,#fda29b);--given:${accent};--accent:light-dark(var(--given),oklch(from var(--given) max(l,.78) calc(c*clamp(1,(.78 - l)*100,1.4)) h));--ink:light-dark(oklch(from var(--given) min(l,.52) c h),var(--accent));--on:light-dark(color(from var(--given) xyz-d65 clamp(0,(.179 - y)*1e6,.9505) clamp(0,(.179 - y)*1e6,1) clamp(0,(.179 - y)*1e6,1.089)),color-mix(in oklab,var(--accent) 20%,#000))}
*{box-sizing:border-box}
body{display:flex;flex-direction:column;min-height:100vh;min-height:100dvh;margin:0;background:var(--soft);color:var(--fg);font:400 16px/24px system-ui,sans-serif;overflow-wrap:break-word}
h1{margin:0 0 8px;font-size:22px;line-height:30px;font-weight:600;text-wrap:balance}
p{margin:0;text-wrap:pretty}
a{color:var(--ink);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.muted{color:var(--muted);font-size:14px;line-height:20px}
.act{display:block;width:100%;min-height:44px;margin:24px 0 16px;padding:10px 16px;border:1px solid transparent;border-radius:6px;background:var(--accent);color:var(--on);font:inherit;font-weight:500;text-align:center;text-decoration:none;cursor:pointer}
.door>.act:last-child,.door form:last-child .act{margin-bottom:0}
label{display:block;margin:20px 0 6px;font-weight:500}
input[type=email]{display:block;width:100%;min-height:44px;padding:9px 12px;border:1px solid var(--edge);border-radius:6px;background:var(--bg);color:var(--fg);font:inherit}
input[aria-invalid]{border-color:var(--bad)}
.wrong{margin-top:6px;color:var(--bad);font-size:14px;line-height:20px}
input~.act{margin-top:20px}
.more{margin-top:16px}
.act:hover{background:color-mix(in oklab,var(--accent) 92%,var(--on))}
.door{width:100%;max-width:440px;margin:auto;padding:32px;background:var(--bg);border:1px solid var(--line);border-radius:12px}
.whose{display:flex;align-items:center;gap:12px;margin:0 0 24px;font-weight:600}
.whose span{min-width:0}
.mark{flex:none;width:32px;border-radius:8px;background:var(--accent);color:var(--on);font-size:16px;line-height:32px;font-weight:600;text-align:center}
.top{background:var(--bg);border-bottom:1px solid var(--line)}
.row{display:flex;align-items:center;gap:12px;width:100%;max-width:1248px;min-height:60px;margin:0 auto;padding:8px 24px}
.row img{flex:none;height:28px;max-width:140px;object-fit:contain}
.name{flex:1;min-width:0;margin:0;font-size:16px;line-height:24px;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.name span{color:var(--muted);font-weight:400}
.out{flex:none;min-height:32px;padding:5px 12px;border:1px solid var(--edge);border-radius:6px;background:none;color:inherit;font:500 14px/20px inherit;font-family:inherit;cursor:pointer}
.out:hover{background:var(--soft)}
.inside{flex:1;width:100%;max-width:1248px;margin:0 auto;padding:24px}
.foot{width:100%;max-width:1248px;margin:0 auto;padding:0 24px 24px;display:flex;flex-wrap:wrap;gap:4px 20px}
.foot a{color:inherit}
mislata-dashboard{display:block;--mislata-accent:var(--given)}
mislata-dashboard:not(:defined){min-height:480px}
@media (pointer:coarse){.out{min-height:44px}.foot a{padding:12px 0}}
@media (max-width:560px){.door{min-height:100vh;min-height:100dvh;max-width:none;padding:24px 20px;border:0;border-radius:0}.row{padding:8px 16px}.inside{padding:16px}.foot{padding:0 16px 20px}}
@media (prefers-color-scheme:dark){.row img{padding:3px 8px;border-radius:6px;background:#fff}}
@media (forced-colors:active){.act{border-color:ButtonText}}
`
