import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash } from '../server/assets.ts'

// `node scripts/keep-snippet.ts`, once per release and after a build: the snippet as it is now stays at its address for
// those who pinned it, and with it the second file that it asks for. What is kept is committed and built into every release.
const built = join(import.meta.dirname, '..', 'dist', 'snippet')
const kept = join(import.meta.dirname, '..', 'snippet', 'releases')
mkdirSync(kept, { recursive: true })
for (const name of readdirSync(built)) {
  const as = name === 'm.js' ? `m.${contentHash(readFileSync(join(built, name)))}.js` : name
  copyFileSync(join(built, name), join(kept, as))
  console.log(`/${as}`)
}
