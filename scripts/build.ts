import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'

// `node scripts/build.ts` builds what browsers load, what `npm start` runs and what hosts import. With `--if-stale`, only
// that whose result is missing or older than what it is made of; this runs before every start, so that it loads Vite only
// when there is something to build.
const BUILDS = {
  snippet: { result: 'dist/snippet/m.js', sources: ['snippet'] },
  widget: { result: 'dist/widget/widget.js', sources: ['widget', 'server/contract'] },
  server: { result: 'dist/server/main.js', sources: ['server'] },
  middleware: { result: 'dist/middleware/index.js', sources: ['snippet'] },
  sdk: { result: 'dist/sdk/index.js', sources: ['sdk', 'server/contract'] },
  classic: { result: 'dist/classic/widget.classic.js', sources: ['widget', 'server/contract'] },
  console: { result: 'dist/console/console.js', sources: ['console', 'server/contract'] },
  react: { result: 'dist/react/index.js', sources: ['widget'] },
  mount: { result: 'dist/mount/index.js', sources: ['snippet'] },
}
// Vite takes types away; TypeScript writes them down beside the result, for those whose editor reads them.
const TYPES: Partial<Record<keyof typeof BUILDS, string>> = {
  sdk: 'sdk',
  middleware: 'snippet',
  mount: 'snippet/mount.tsconfig.json',
  react: 'widget',
}
// What holds others' code says whose, and under which licence.
const OTHERS_WORK = new Set<keyof typeof BUILDS>(['server', 'widget', 'classic', 'console'])
const ALL_DEPEND_ON = ['vite.config.ts', 'package-lock.json', 'scripts/numbered-sentences.ts']

const root = join(import.meta.dirname, '..')
const names = Object.keys(BUILDS) as (keyof typeof BUILDS)[]
const wanted = process.argv.includes('--if-stale') ? names.filter(isStale) : names

if (wanted.length) {
  console.log(`Building the ${wanted.join(', the ')} …`)
  await build().catch(problem => {
    const message = problem instanceof Error ? problem.message : String(problem)
    console.error(process.stderr.isTTY ? message : stripVTControlCharacters(message))
    process.exitCode = 1
  })
}

function isStale(name: keyof typeof BUILDS) {
  const { result, sources } = BUILDS[name]
  const made = lstatSync(join(root, result), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return [...sources, ...ALL_DEPEND_ON].some(path => newest(join(root, path)) > made)
}

// A folder counts as well as its files: its time tells that a file was removed.
function newest(path: string): number {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (!entry) return 0
  const within = entry.isDirectory() ? readdirSync(path).map(name => newest(join(path, name))) : []
  return Math.max(entry.mtimeMs, ...within)
}

async function build() {
  // The tests start servers, and so this, with NODE_ENV=test; what visitors get is always the real thing.
  process.env.NODE_ENV = 'production'
  const vite = await import('vite')
  for (const mode of wanted) {
    const began = new Date()
    await vite.build({ root, mode, logLevel: 'warn', build: { license: OTHERS_WORK.has(mode) && { fileName: 'licenses.md' } } })
    const types = TYPES[mode]
    if (types) await declareTypes(types)
    if (mode === 'react') await describeElements()
    // A file that was saved during the build is newer than the result.
    utimesSync(join(root, BUILDS[mode].result), began, began)
  }
}

async function describeElements() {
  const { manifest } = await import('../widget/manifest.ts')
  const described = JSON.stringify(manifest('dist/widget/widget.js'), null, 2)
  writeFileSync(join(root, 'dist/custom-elements.json'), `${described}\n`)
}

async function declareTypes(project: string) {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules/typescript/package.json'), 'utf8'))
  const tsc = [join(root, 'node_modules/typescript', bin.tsc), '-p', project, '--listEmittedFiles']
  const { stdout } = await promisify(execFile)(process.execPath, tsc, { cwd: root })
  for (const [, file = ''] of stdout.matchAll(/^TSFILE: (.*)$/gm)) {
    // It leaves imports as they were written, of files that are not beside it any more.
    const declared = readFileSync(file, 'utf8')
    writeFileSync(file, declared.replace(/((?:from|import\() ?['"]\.[^'"]*\.)tsx?(?=['"])/g, '$1js'))
  }
}
