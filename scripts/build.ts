import { lstatSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

// `node scripts/build.ts` builds the browser parts. With `--if-stale`, only where a result is missing or older than what
// it is made of; this runs before every start, so that it loads Vite only when there is something to build.
const RESULTS = ['dist/snippet/m.js', 'dist/widget/widget.js']
const SOURCES = ['snippet', 'widget', 'server/contract', 'vite.config.ts', 'package-lock.json']

const root = join(import.meta.dirname, '..')

if (!process.argv.includes('--if-stale') || isStale()) {
  console.log('Building the snippet and the widget …')
  await build().catch(problem => {
    const message = problem instanceof Error ? problem.message : String(problem)
    console.error(process.stderr.isTTY ? message : stripVTControlCharacters(message))
    process.exitCode = 1
  })
}

function isStale() {
  const made = Math.min(...RESULTS.map(path => changedAt(join(root, path)) ?? 0))
  return SOURCES.some(path => newest(join(root, path)) > made)
}

// A folder counts as well as its files: its time tells that a file was removed.
function newest(path: string): number {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (!entry) return 0
  const within = entry.isDirectory() ? readdirSync(path).map(name => newest(join(path, name))) : []
  return Math.max(entry.mtimeMs, ...within)
}

function changedAt(path: string) {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs
}

async function build() {
  // The tests start servers, and so this, with NODE_ENV=test; what visitors get is always the real thing.
  process.env.NODE_ENV = 'production'
  const began = new Date()
  const vite = await import('vite')
  for (const mode of ['snippet', 'widget']) await vite.build({ root, mode, logLevel: 'warn' })
  // A file that was saved during the build is newer than the results.
  for (const path of RESULTS) utimesSync(join(root, path), began, began)
}
