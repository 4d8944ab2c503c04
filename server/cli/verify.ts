import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { Ledger } from '../contract/ledger.ts'
import type { Desk } from '../program/desk.ts'
import { verify } from '../program/ledger.ts'
import { faults } from '../store/integrity.ts'
import { inSnapshot } from '../store/snapshot.ts'
import { type Command, CouldNot, FOUND, OK, text } from './command.ts'
import { atDesk, programsOf } from './desk.ts'
import { Manifest } from './manifest.ts'
import { progress, say } from './terminal.ts'

export const command: Command = {
  about: [
    "It reads SQLite's file through, makes every balance again from the journal, and holds against it what is kept, the",
    'chain of seals, and each payout. The server may be running. docs/money.md says what each finding means.',
  ],
  options: {
    program: { type: 'string', value: 'prog_…', about: 'Only the books of this program' },
    against: {
      type: 'string',
      value: 'manifest.json',
      about: "A backup's manifest: the books must still begin as they were then",
    },
    json: { type: 'boolean', about: 'Say it as one object of JSON' },
  },
  run: asked =>
    atDesk({ writes: false }, async desk => {
      const against = text(asked, 'against')
      const report = await check(desk, { program: text(asked, 'program'), noted: against === undefined ? [] : chainsIn(against) })
      if (asked.options.json) say(JSON.stringify(report, null, 2))
      else for (const line of lines(report)) say(line)
      return report.ok ? OK : FOUND
    }),
}

type Noted = Manifest['chains']
type Report = { ok: boolean; database: string[]; programs: (Ledger & { id: string; name: string })[] }

/** The file, and the books of all programs or of one. `noted` are ends of chains that were noted earlier. */
export async function check(desk: Desk, { program, noted }: { program?: string | undefined; noted: Noted }): Promise<Report> {
  const file = progress('Checking the database')
  const database = await inSnapshot(desk.database, db => faults({ engine: desk.database.engine, db }))
  const programs = await programsOf(desk, program)
  const known = new Set(programs.map(each => each.id))
  if (!program)
    database.push(...noted.filter(each => !known.has(each.programId)).map(each => `Program ${each.programId} is not there.`))
  file.end(database.length ? `${database.length} findings` : 'nothing wrong')
  const reports: Report['programs'] = []
  const books = progress('Checking the books')
  for (const [at, each] of programs.entries()) {
    books.at(at, programs.length)
    const end = noted.find(({ programId, length }) => programId === each.id && length > 0)
    reports.push({ id: each.id, name: each.settings.name, ...(await verify(desk, each, end)) })
  }
  const ok = !database.length && reports.every(each => each.ok)
  books.end(reports.every(each => each.ok) ? 'they agree' : 'they do not agree')
  return { ok, database, programs: reports }
}

/** What a report says to people, line by line. */
export function lines({ database, programs }: Report) {
  return [
    ...database.map(each => `database: ${each}`),
    ...programs.flatMap(({ id, name, ok, transactions, entries, commissions, payouts, chain, found, findings }) => [
      `${ok ? 'ok' : 'WRONG'}  ${id} ${name}: ${transactions} transactions, ${entries} entries, ${commissions} commissions, ${payouts} payouts; chain ${chain.length} ${chain.head}`,
      ...findings.map(each => `       ${each.code} ${each.object}: ${each.message}`),
      ...(found > findings.length ? [`       and ${found - findings.length} more`] : []),
    ]),
    ...(programs.length ? [] : ['There is no program.']),
  ]
}

function chainsIn(path: string) {
  try {
    return v.parse(Manifest, JSON.parse(readFileSync(path, 'utf8'))).chains
  } catch (error) {
    throw new CouldNot(`${path} is not the manifest of a backup: ${(error as Error).message}`)
  }
}
