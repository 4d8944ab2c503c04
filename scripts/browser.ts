import { spawnSync } from 'node:child_process'
import { absent, candidates } from '../test/support/browser.ts'

/** The path of a Chromium that runs on this machine; where there is none, one is installed first. */
export function findOrInstall(): string {
  const found = working() ?? installed()
  if (!found) throw new Error(absent())
  return found
}

// Asked for its version, because a file alone says little: Ubuntu's /usr/bin/chromium-browser may only print where to get
// one, and a downloaded Chromium may lack libraries.
const working = () => candidates().find(path => spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0)

const MINUTE = 60_000

const PLAYWRIGHT = { limit: 3 * MINUTE, commands: ['npx playwright install --no-shell chromium'] }
const DEBIAN = { limit: 6 * MINUTE, commands: ['apt-get update', 'apt-get install -y --no-install-recommends chromium'] }

function installed() {
  if (process.env.CHROMIUM_PATH) return undefined
  const mayUseApt = process.getuid?.() === 0 && !spawnSync('apt-get', ['--version']).error
  return install(PLAYWRIGHT) ?? (mayUseApt ? install(DEBIAN) : undefined)
}

function install({ limit, commands }: { limit: number; commands: string[] }) {
  for (const command of commands) {
    console.log(`No Chromium runs here. Trying: ${command}`)
    // Without pipes: a grandchild that outlives the time limit would hold them open, and this process with them.
    const options = { timeout: limit, stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
    const [name = '', ...args] = command.split(' ')
    const { status, error } = spawnSync(name, args, options)
    if (status === 0) continue
    console.log(`  That did not work: ${error?.message ?? `exit ${status}`}.`)
    return undefined
  }
  return working()
}
