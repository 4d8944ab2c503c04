#!/usr/bin/env node
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  process.stderr.write(`Mislata needs Node 24 or newer; this is ${process.version}.\n`)
  process.exit(78)
}

// Compiled modules are kept between starts: it halves the time to ready.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

// Whoever reads what is said may have had enough, as `head` has.
process.stdout.on('error', error => {
  process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 3)
})

const { run } = await import('./run.ts')
const code = await run(process.argv.slice(2))
// A server that has been started goes on, and says itself how it ends.
if (code !== undefined) process.exitCode = code

export {}
