import { type Context, Hono } from 'hono'
import { html } from 'hono/html'

// The script draws everything, from what it asks of this server. A program's logo may stand anywhere on the web.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: https:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** The page that the console lives in. It is the same for everybody: who is signed in, its script asks. */
export function consolePages() {
  return new Hono().get('/console', shell).get('/console/*', shell)
}

function shell(c: Context) {
  c.header('content-security-policy', policy)
  c.header('cache-control', 'no-store')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  return c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>Mislata</title><link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230f766e'/%3E%3Ccircle cx='8' cy='8' r='3' fill='%23fff'/%3E%3C/svg%3E"><link rel="stylesheet" href="/console.css"><script type="module" src="/console.js"></script></head><body><div id="app"></div><noscript>The console needs JavaScript.</noscript></body></html>`,
  )
}
