import { html } from 'hono/html'

/** The seal of eight points, from two squares. */
export const star = html`<svg class="star" viewBox="-12 -12 24 24" aria-hidden="true"><path d="M-7-7H7V7H-7z"/><path d="M0-9.900L9.900 0 0 9.900-9.900 0z"/><circle class="eye" r="2.600"/></svg>`

/** A book's cover: a field of such seals inside two rules. */
export const cover = html`<svg class="cover" viewBox="0 0 200 280" role="img" aria-label="غلاف كتاب عليه نقش من نجوم مثمّنة">
  <path class="cloth" d="M0 0h200v280H0z"/>
  <path class="rule" d="M12 12h176v256H12z"/>
  <path class="rule thin" d="M18 18h164v244H18z"/>
  ${Array.from({ length: 15 }, (_, nth) => {
    const [x, y] = [52 + (nth % 3) * 48, 44 + Math.floor(nth / 3) * 48]
    return html`<g transform="translate(${x} ${y})"><path class="gilt" d="M-14-14h28v28h-28z"/><path class="gilt" d="M0-19.800L19.800 0 0 19.800-19.800 0z"/><circle class="cloth" r="6"/><circle class="gilt" r="2.500"/></g>`
  })}
</svg>`
