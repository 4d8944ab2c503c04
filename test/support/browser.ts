import { existsSync } from 'node:fs'
import { chromium, type LaunchOptions } from 'playwright'

/** A Chromium without a window, for tests that drive it themselves. Close it when done. */
export const launch = (options: LaunchOptions = {}) => chromium.launch({ ...launchOptions(), ...options })

/** How every test starts Chromium: `--no-sandbox` because containers and root have none to offer, and the pages are ours. */
export const launchOptions = (): LaunchOptions => ({
  executablePath: candidates().find(path => existsSync(path)),
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})

/** Where a Chromium may be, best first. One that CHROMIUM_PATH names is the only one. */
export function candidates() {
  if (process.env.CHROMIUM_PATH) return [process.env.CHROMIUM_PATH]
  return [chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
}

/** What to do where no Chromium can be had. */
export const absent = () =>
  process.env.CHROMIUM_PATH
    ? `CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which does not run.`
    : 'No Chromium runs here. Install one (npx playwright install --with-deps chromium) or name one in CHROMIUM_PATH.'
