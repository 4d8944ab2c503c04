import type { Command } from './command.ts'

export const command: Command = {
  about: ['It is what `npm start` runs. It brings the tables up to date first, and stops at SIGTERM or Ctrl-C.'],
  options: {},
  async run() {
    await import('../main.ts')
    return undefined
  },
}
