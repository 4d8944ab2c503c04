import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { quickFolder } from './files.ts'
import { migrated } from './migrated.ts'

/** What `readyDatabase` copies: a file, or on PostgreSQL a database of the run's server. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(quickFolder(), 'mislata-template-'))
  const file = join(folder, 'template.db')
  await migrated(`sqlite:${file}`)
  project.provide('template', file)
  return () => rmSync(folder, { recursive: true, force: true })
}
