const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  process.stderr.write(`Mislata needs Node 24 or newer; this is ${process.version}.\n`)
  process.exit(78)
}

// Compiled modules are kept between starts: it halves the time to ready.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

const { readConfig, BadConfig } = await import('./config.ts')
const { giveBackSoon } = await import('./store/memory.ts')
const { start } = await import('./start.ts')
const { DatabaseRefused } = await import('./store/database.ts')

try {
  const running = await start(readConfig(process.env))
  giveBackSoon()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
} catch (error) {
  if (error instanceof BadConfig || error instanceof DatabaseRefused) {
    process.stderr.write(`${error.message}\n`)
    process.exit(78)
  }
  throw error
}

export {}
