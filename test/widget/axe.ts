import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Finding = { id: string; nodes: { html: string; failureSummary: string }[] }
declare const axe: { run(options: object): Promise<{ violations: Finding[]; incomplete: Finding[]; passes: Finding[] }> }

/** What stands in somebody's way on this page, as axe-core sees it; nothing, if all is well. */
export const barriers = (page: Page) => look(page, {})

/** The same by night, of a page that was looked at by day: nothing but its colours can be another. */
export async function barriersByNight(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  return look(page, { runOnly: ['color-contrast', 'link-in-text-block'] })
}

async function look(page: Page, options: object): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  // The style is in the page already, so there is nothing of it to fetch. Of what is well, that it was looked at is enough.
  const how = { preload: false, resultTypes: ['violations'], ...options }
  const { violations, passes } = await page.evaluate(how => axe.run(how), how)
  // A run that measured no text has found nothing because it looked at nothing.
  if (!passes.some(({ id }) => id === 'color-contrast')) return ['axe-core has not measured any text']
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`))
}
