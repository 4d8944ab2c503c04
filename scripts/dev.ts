import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'

// `npm run dev`: the browser parts are built again when they change, the server starts again when it does.
const root = join(import.meta.dirname, '..')

for (const mode of ['snippet', 'widget', 'console']) await build({ root, mode, logLevel: 'warn', build: { watch: {} } })

// Only now, so that the server finds the built files of a first start.
const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', join(root, 'server/main.ts')], { stdio: 'inherit' })
server.on('exit', code => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
