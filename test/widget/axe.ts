import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Finding = { id: string; nodes: { html: string; failureSummary: string }[] }
declare const axe: { run(options: object): Promise<{ violations: Finding[]; incomplete: Finding[]; passes: Finding[] }> }

/** What stands in somebody's way on this page, as axe-core sees it; nothing, if all is well. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const { violations, passes } = await page.evaluate(() => axe.run({ resultTypes: ['violations', 'passes'] }))
  // A run that measured no text has found nothing because it looked at nothing.
  if (!passes.some(({ id }) => id === 'color-contrast')) return ['axe-core has not measured any text']
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`))
}
