import { createReadStream, readFileSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import * as v from 'valibot'
import { ImportKind, type ImportLine, ImportMapping, ImportSource, importSources } from '../contract/import.ts'
import { importInto } from '../program/import.ts'
import { type Asked, type Command, CouldNot, FOUND, Misused, OK, text } from './command.ts'
import { atDesk, programsOf } from './desk.ts'
import { complain, progress, say } from './terminal.ts'

type Summary = Extract<ImportLine, { type: 'summary' }>

export const command: Command = {
  takes: '<file | ->',
  words: [1, 1],
  about: [
    'A file of another system, or an export of this one; - is standard input. Twice is the same as once, and what was broken',
    'off goes on. Refused and skipped lines are said, and refused ones end it with 1. The server may be running.',
  ],
  options: {
    from: { type: 'string', value: 'source', about: `One of ${importSources.join(', ')}` },
    program: { type: 'string', value: 'prog_…', about: 'Into which program; needed where there are several' },
    'dry-run': { type: 'boolean', about: 'Say what would come of each line, and change nothing' },
    kind: {
      type: 'string',
      value: 'kind',
      about: `What its rows are: ${ImportKind.options.join(', ')}; else seen by its columns`,
    },
    mapping: { type: 'string', value: 'file.json', about: 'How to read it: columns, amounts, dates, currency, statuses' },
    'stop-at-refusal': { type: 'boolean', about: 'End with the batch before the first line that is refused' },
    json: { type: 'boolean', about: 'Say every line as JSON' },
  },
  run: async asked => {
    const how = wanted(asked)
    const [path = '-'] = asked.words
    if (path !== '-') await readable(path)
    return atDesk({ writes: true }, async desk => {
      const found = await programsOf(desk, text(asked, 'program'))
      const [program] = found
      if (!program) throw new CouldNot('There is no program.')
      if (found.length > 1) throw new Misused(`--program takes one of ${found.map(each => each.id).join(', ')}`)
      const stream = path === '-' ? process.stdin : createReadStream(path)
      const summary = await tell(importInto(desk, { programId: program.id, stream, ...how }), asked.options.json === true)
      return summary.complete && summary.refused === 0 && summary.restored?.ok !== false ? OK : FOUND
    })
  },
}

function wanted(asked: Asked) {
  const from = v.safeParse(ImportSource, text(asked, 'from'))
  if (!from.success) throw new Misused(`--from takes one of ${importSources.join(', ')}`)
  const kind = v.safeParse(v.optional(ImportKind), text(asked, 'kind'))
  if (!kind.success) throw new Misused(`--kind takes one of ${ImportKind.options.join(', ')}`)
  const mapping = text(asked, 'mapping')
  return {
    from: from.output,
    kind: kind.output,
    mapping: mapping === undefined ? undefined : mappingIn(mapping),
    dryRun: asked.options['dry-run'] === true,
    stopAtRefusal: asked.options['stop-at-refusal'] === true,
  }
}

function mappingIn(path: string) {
  try {
    return v.parse(ImportMapping, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new CouldNot(`${path} cannot be taken as a mapping: ${(error as Error).message}`)
  }
}

async function readable(path: string) {
  await access(path, constants.R_OK).catch(error => {
    throw new CouldNot(`The file cannot be read: ${error.message}`)
  })
}

/** Says what comes of the lines while they are read, and answers the sum of it. */
async function tell(lines: AsyncIterable<ImportLine>, asJson: boolean): Promise<Summary> {
  const step = progress('Importing')
  let summary: Summary | undefined
  for await (const line of lines) {
    if (asJson) say(JSON.stringify(line))
    else if (line.type === 'line' && (line.outcome === 'refused' || line.outcome === 'skipped'))
      say(`line ${line.line}: ${line.outcome}, ${line.code}: ${line.message}`)
    else if (line.type === 'problem') complain(`line ${line.line}: ${line.code}: ${line.message}`)
    if (line.type === 'progress') step.at(line.lines)
    if (line.type === 'summary') summary = line
  }
  if (!summary) throw new Error('An import ended without its summary')
  const { created, changed, unchanged, skipped, refused, dryRun, complete } = summary
  const would = dryRun ? ' (nothing was changed)' : ''
  step.end(complete ? `done${would}` : `broken off${would}`)
  if (!asJson) {
    say(`${created} created, ${changed} changed, ${unchanged} unchanged, ${skipped} skipped, ${refused} refused`)
    for (const { currency, ...sums } of summary.totals)
      say(
        `${currency}: ${Object.entries(sums)
          .map(([state, amount]) => `${state} ${amount}`)
          .join(', ')} (minor units)`,
      )
    if (summary.restored) say(`The books of the export ${summary.restored.ok ? 'agree' : 'do not agree'}.`)
  }
  return summary
}
