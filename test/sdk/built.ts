import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')

/** The SDK as it is published: one module. */
export async function buildSdk() {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-sdk-'))
  try {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const args = [vite, 'build', '--mode', 'sdk', '--outDir', folder, '--logLevel', 'error']
    await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
    return { files: readdirSync(folder), module: readFileSync(join(folder, 'index.js'), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
