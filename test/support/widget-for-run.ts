import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the widget as visitors get it, built from what is there now; in the project `node` only. */
    widgetFolder: string
  }
}

const root = join(import.meta.dirname, '..', '..')

/** Builds the widget once for all of the run's files, beside whatever is in `dist`. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-widget-'))
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--mode', 'widget', '--outDir', folder, '--logLevel', 'error']
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
  project.provide('widgetFolder', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
