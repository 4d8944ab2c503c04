import { html } from 'hono/html'
import type { Program } from '../store/programs.ts'

/** Whose page it is, above what it says. */
export const whose = (program: Program | undefined) =>
  program ? html`<p class="whose">${mark(program.settings.name)}<span>${program.settings.name}</span></p>` : ''

/** Where there is no logo, or none may be loaded: the first letter. */
export const mark = (name: string) => html`<span class="mark" aria-hidden="true">${[...name][0]?.toUpperCase()}</span>`
