import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type ExportType, exportTypes } from '../contract/export.ts'
import { exported } from '../program/export.ts'
import { type Command, CouldNot, Misused, OK, text } from './command.ts'
import { atDesk, programsOf } from './desk.ts'
import { progress } from './terminal.ts'

export const command: Command = {
  about: [
    'Lines of JSON, the same as GET /v1/apps/:appId/export has. The server may be running. The last line is of the type',
    '"end": without it the export has broken off.',
  ],
  options: {
    program: { type: 'string', value: 'prog_…', about: 'Which program; needed where there are several' },
    type: { type: 'string', value: 'partner', about: 'Only one noun' },
    out: {
      type: 'string',
      short: 'o',
      value: 'file',
      about: 'Into a file, which is there when it is whole; else to standard output',
    },
  },
  run: asked =>
    atDesk({ writes: false }, async desk => {
      const type = text(asked, 'type')
      if (type !== undefined && !isType(type)) throw new Misused(`--type takes one of ${exportTypes.join(', ')}`)
      const found = await programsOf(desk, text(asked, 'program'))
      const [program] = found
      if (!program) throw new CouldNot('There is no program.')
      if (found.length > 1) throw new Misused(`--program takes one of ${found.map(each => each.id).join(', ')}`)
      const out = text(asked, 'out')
      const step = progress(`Exporting ${program.settings.name}`)
      const pages = exported(desk, program, type)
      const rows = out === undefined ? await write(pages, process.stdout, step.at) : await intoFile(pages, out, step.at)
      step.end(`${rows.toLocaleString('en')} lines`)
      return OK
    }),
}

function isType(name: string): name is ExportType {
  return (exportTypes as readonly string[]).includes(name)
}

async function intoFile(pages: AsyncIterable<object[]>, path: string, far: (lines: number) => void) {
  const part = `${path}.part`
  const file = createWriteStream(part, { flags: 'w', mode: 0o600, flush: true })
  try {
    await once(file, 'open')
    const lines = await write(pages, file, far)
    file.end()
    await finished(file)
    renameSync(part, path)
    return lines
  } catch (error) {
    file.destroy()
    rmSync(part, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    throw code?.startsWith('E') ? new CouldNot(`${path} cannot be written: ${message}`) : error
  }
}

async function write(pages: AsyncIterable<object[]>, to: Writable, far: (lines: number) => void) {
  let lines = 0
  for await (const page of pages) {
    lines += page.length
    far(lines)
    if (!to.write(page.map(each => `${JSON.stringify(each)}\n`).join(''))) await once(to, 'drain')
  }
  return lines
}
